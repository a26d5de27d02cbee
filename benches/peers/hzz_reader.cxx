// The four-lepton selection as a user of TTreeReader would write and compile it: the same cuts, the
// same mass, one histogram. Values are read when an event needs them.
//
//   hzz_reader FILE OUT.txt      (compiled by benches/peers/compare.py)
#include "hzz_cuts.h"
#include <TFile.h>
#include <TH1F.h>
#include <TTreeReader.h>
#include <TTreeReaderArray.h>
#include <TTreeReaderValue.h>
#include <fstream>

int main(int, char **arguments) {
  TFile file(arguments[1]);
  TTreeReader reader("mini", &file);
  TTreeReaderValue<bool> trig_e(reader, "trigE"), trig_m(reader, "trigM");
  TTreeReaderValue<unsigned int> lep_n(reader, "lep_n");
  TTreeReaderValue<float> weight(reader, "mcWeight"), pile_up(reader, "scaleFactor_PILEUP"),
      electron(reader, "scaleFactor_ELE"), muon(reader, "scaleFactor_MUON"),
      trigger(reader, "scaleFactor_LepTRIGGER");
  TTreeReaderArray<float> pt(reader, "lep_pt"), eta(reader, "lep_eta"), phi(reader, "lep_phi"),
      e(reader, "lep_E"), z0(reader, "lep_z0"), ptcone(reader, "lep_ptcone30"),
      etcone(reader, "lep_etcone20"), d0(reader, "lep_trackd0pvunbiased"),
      sd0(reader, "lep_tracksigd0pvunbiased");
  TTreeReaderArray<int> charge(reader, "lep_charge");
  TTreeReaderArray<unsigned int> type(reader, "lep_type");
  TH1F mass("mass_four_lep", "", 24, 80, 170);
  auto view = [](TTreeReaderArray<float> &a) {
    return a.GetSize() ? Floats(&a[0], a.GetSize()) : Floats();
  };
  while (reader.Next()) {
    if (!*trig_e && !*trig_m) continue;
    UInts types = type.GetSize() ? UInts(&type[0], type.GetSize()) : UInts();
    auto pts = view(pt), etas = view(eta), phis = view(phi), es = view(e);
    auto g = good(*lep_n, pts, etas, phis, es, view(ptcone), view(etcone), types, view(d0),
                  view(sd0), view(z0));
    if (g.size() != 4) continue;
    auto flavours = types[g[0]] + types[g[1]] + types[g[2]] + types[g[3]];
    if (!(pts[g[0]] > 25000. && pts[g[1]] > 15000. && pts[g[2]] > 10000. &&
          charge[g[0]] + charge[g[1]] + charge[g[2]] + charge[g[3]] == 0 &&
          (flavours == 44 || flavours == 52 || flavours == 48)))
      continue;
    TLorentzVector sum;
    for (int i : g) {
      TLorentzVector v;
      v.SetPtEtaPhiE(pts[i], etas[i], phis[i], es[i]);
      sum = sum + v;
    }
    mass.Fill(static_cast<float>(sum.Mag() / 1000.),
              *electron * *muon * *trigger * *pile_up * *weight);
  }
  std::ofstream out(arguments[2]);
  out << mass.GetEntries() << " " << mass.GetSumOfWeights() << "\n";
}
