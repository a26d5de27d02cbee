// Reads the columns that the four-lepton selection needs, with RDataFrame; selects nothing.
//
//   columns_frame FILE THREADS      (compiled by benches/peers/compare.py)
//
// Prints the number of values.
#include <ROOT/RDataFrame.hxx>
#include <ROOT/RVec.hxx>
#include <vector>
#include <cstdio>
#include <cstdlib>

using Floats = ROOT::RVec<float>;

int main(int, char **arguments) {
  int threads = std::atoi(arguments[2]);
  if (threads > 1) ROOT::EnableImplicitMT(threads);
  std::vector<unsigned long> values(threads > 1 ? threads : 1);
  ROOT::RDataFrame frame("mini", arguments[1]);
  frame.ForeachSlot(
      [&values](unsigned int slot, bool, bool, unsigned int, unsigned int, float, float, float,
                float, float, const ROOT::RVec<int> &charge, const ROOT::RVec<unsigned int> &type,
                const Floats &pt, const Floats &eta, const Floats &phi, const Floats &e,
                const Floats &z0, const Floats &ptcone, const Floats &etcone, const Floats &d0,
                const Floats &sd0, const Floats &jet_pt, const Floats &jet_eta) {
        values[slot] += 9 + charge.size() + type.size() + pt.size() + eta.size() + phi.size() +
                        e.size() + z0.size() + ptcone.size() + etcone.size() + d0.size() +
                        sd0.size() + jet_pt.size() + jet_eta.size();
      },
      {"trigE", "trigM", "lep_n", "jet_n", "mcWeight", "scaleFactor_PILEUP", "scaleFactor_ELE",
       "scaleFactor_MUON", "scaleFactor_LepTRIGGER", "lep_charge", "lep_type", "lep_pt", "lep_eta",
       "lep_phi", "lep_E", "lep_z0", "lep_ptcone30", "lep_etcone20", "lep_trackd0pvunbiased",
       "lep_tracksigd0pvunbiased", "jet_pt", "jet_eta"});
  unsigned long sum = 0;
  for (auto part : values) sum += part;
  std::printf("%lu\n", sum);
}
