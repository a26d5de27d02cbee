// Reads the columns that the four-lepton selection needs, with TTreeReader; selects nothing.
//
//   columns_reader FILE      (compiled by benches/peers/compare.py)
//
// Every column of every event is asked for, as TTreeReader reads only what is. Prints the number of
// values.
#include <TFile.h>
#include <TTreeReader.h>
#include <TTreeReaderArray.h>
#include <TTreeReaderValue.h>
#include <cstdio>
#include <vector>

int main(int, char **arguments) {
  TFile file(arguments[1]);
  TTreeReader reader("mini", &file);
  TTreeReaderValue<bool> trig_e(reader, "trigE"), trig_m(reader, "trigM");
  TTreeReaderValue<unsigned int> lep_n(reader, "lep_n"), jet_n(reader, "jet_n");
  TTreeReaderValue<float> weight(reader, "mcWeight"), pile_up(reader, "scaleFactor_PILEUP"),
      electron(reader, "scaleFactor_ELE"), muon(reader, "scaleFactor_MUON"),
      trigger(reader, "scaleFactor_LepTRIGGER");
  TTreeReaderArray<int> charge(reader, "lep_charge");
  TTreeReaderArray<unsigned int> type(reader, "lep_type");
  std::vector<TTreeReaderArray<float>> floats;
  for (const char *name :
       {"lep_pt", "lep_eta", "lep_phi", "lep_E", "lep_z0", "lep_ptcone30", "lep_etcone20",
        "lep_trackd0pvunbiased", "lep_tracksigd0pvunbiased", "jet_pt", "jet_eta"})
    floats.emplace_back(reader, name);
  unsigned long values = 0;
  // Keeps what is read from being optimised away.
  volatile double last;
  while (reader.Next()) {
    last = *trig_e + *trig_m + *lep_n + *jet_n + *weight + *pile_up + *electron + *muon + *trigger;
    values += 9 + charge.GetSize() + type.GetSize();
    for (auto &column : floats) values += column.GetSize();
  }
  (void)last;
  std::printf("%lu\n", values);
}
