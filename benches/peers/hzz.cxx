// The four-lepton selection as a user of RDataFrame would write and compile it: the same cuts and
// the same four-lepton mass as `rootlake analyze hzz`, one histogram.
//
//   hzz FILE THREADS OUT.txt      (compiled by benches/peers/compare.py)
#include "hzz_cuts.h"
#include <ROOT/RDataFrame.hxx>
#include <cstdlib>
#include <fstream>

int main(int, char **arguments) {
  int threads = std::atoi(arguments[2]);
  if (threads > 1) ROOT::EnableImplicitMT(threads);
  ROOT::RDataFrame frame("mini", arguments[1]);
  auto mass =
      frame.Filter([](bool e, bool m) { return e || m; }, {"trigE", "trigM"})
          .Define("good", good, {"lep_n", "lep_pt", "lep_eta", "lep_phi", "lep_E", "lep_ptcone30",
                                 "lep_etcone20", "lep_type", "lep_trackd0pvunbiased",
                                 "lep_tracksigd0pvunbiased", "lep_z0"})
          .Filter([](const ROOT::RVec<int> &g) { return g.size() == 4; }, {"good"})
          .Filter(
              [](const ROOT::RVec<int> &g, const Floats &pt, const Ints &charge, const UInts &type) {
                auto types = type[g[0]] + type[g[1]] + type[g[2]] + type[g[3]];
                return pt[g[0]] > 25000. && pt[g[1]] > 15000. && pt[g[2]] > 10000. &&
                       charge[g[0]] + charge[g[1]] + charge[g[2]] + charge[g[3]] == 0 &&
                       (types == 44 || types == 52 || types == 48);
              },
              {"good", "lep_pt", "lep_charge", "lep_type"})
          .Define("mass",
                  [](const ROOT::RVec<int> &g, const Floats &pt, const Floats &eta,
                     const Floats &phi, const Floats &e) {
                    TLorentzVector sum;
                    for (int i : g) {
                      TLorentzVector v;
                      v.SetPtEtaPhiE(pt[i], eta[i], phi[i], e[i]);
                      sum = sum + v;
                    }
                    return static_cast<float>(sum.Mag() / 1000.);
                  },
                  {"good", "lep_pt", "lep_eta", "lep_phi", "lep_E"})
          .Define("weight",
                  [](float e, float m, float t, float p, float w) { return e * m * t * p * w; },
                  {"scaleFactor_ELE", "scaleFactor_MUON", "scaleFactor_LepTRIGGER",
                   "scaleFactor_PILEUP", "mcWeight"})
          .Histo1D<float, float>({"mass_four_lep", "", 24, 80, 170}, "mass", "weight");
  std::ofstream out(arguments[3]);
  out << mass->GetEntries() << " " << mass->GetSumOfWeights() << "\n";
}
