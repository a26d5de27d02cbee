// The whole four-lepton selection as a user of RDataFrame would write and compile it: all 17
// histograms of `rootlake analyze hzz`, the same to the bin, written into a file.
//
//   hzz_all FILE THREADS OUT.root      (compiled by benches/peers/compare.py)
#include "hzz_cuts.h"
#include <ROOT/RDataFrame.hxx>
#include <TFile.h>
#include <cstdlib>

using Good = ROOT::RVec<int>;
using Vectors = ROOT::RVec<TLorentzVector>;
using Doubles = ROOT::RVec<double>;

namespace {

// The masses of the two pairs, GeV, that closer to the Z's first: the last pairing with one that is
// strictly closer, as the reference framework has it.
ROOT::RVec<float> zMasses(const Good &g, const Vectors &p, const Ints &charge, const UInts &type) {
  const int pairings[3][4] = {{0, 1, 2, 3}, {0, 2, 1, 3}, {0, 3, 1, 2}};
  ROOT::RVec<float> masses{0, 0};
  for (auto &i : pairings) {
    if (type[g[i[0]]] != type[g[i[1]]] || charge[g[i[0]]] * charge[g[i[1]]] >= 0) continue;
    float one = (p[i[0]] + p[i[1]]).Mag() / 1000., other = (p[i[2]] + p[i[3]]).Mag() / 1000.;
    float distance = std::abs(one - 91.18), otherDistance = std::abs(other - 91.18);
    if (distance < otherDistance) masses = {one, other};
    if (otherDistance < distance) masses = {other, one};
  }
  return masses;
}

template <typename Value> auto ofGood(Value value) {
  return [value](const Vectors &p) {
    Doubles values;
    for (auto &v : p) values.push_back(value(v));
    return values;
  };
}

template <typename T> Doubles chosen(const Good &g, const T &values) {
  Doubles chosen;
  for (int i : g) chosen.push_back(values[i]);
  return chosen;
}

} // namespace

int main(int, char **arguments) {
  int threads = std::atoi(arguments[2]);
  if (threads > 1) ROOT::EnableImplicitMT(threads);
  TH1::SetDefaultSumw2(false);
  ROOT::RDataFrame frame("mini", arguments[1]);
  auto selected =
      frame.Filter([](bool e, bool m) { return e || m; }, {"trigE", "trigM"})
          .Filter([](unsigned int n) { return n >= 4; }, {"lep_n"})
          .Define("good", good, {"lep_n", "lep_pt", "lep_eta", "lep_phi", "lep_E", "lep_ptcone30",
                                 "lep_etcone20", "lep_type", "lep_trackd0pvunbiased",
                                 "lep_tracksigd0pvunbiased", "lep_z0"})
          .Filter([](const Good &g) { return g.size() == 4; }, {"good"})
          .Filter(
              [](const Good &g, const Floats &pt, const Ints &charge, const UInts &type) {
                auto types = type[g[0]] + type[g[1]] + type[g[2]] + type[g[3]];
                return pt[g[0]] > 25000. && pt[g[1]] > 15000. && pt[g[2]] > 10000. &&
                       charge[g[0]] + charge[g[1]] + charge[g[2]] + charge[g[3]] == 0 &&
                       (types == 44 || types == 52 || types == 48);
              },
              {"good", "lep_pt", "lep_charge", "lep_type"})
          .Define("weight",
                  [](float e, float m, float t, float p, float w) { return e * m * t * p * w; },
                  {"scaleFactor_ELE", "scaleFactor_MUON", "scaleFactor_LepTRIGGER",
                   "scaleFactor_PILEUP", "mcWeight"})
          .Define("momenta",
                  [](const Good &g, const Floats &pt, const Floats &eta, const Floats &phi,
                     const Floats &e) {
                    Vectors momenta;
                    for (int i : g) {
                      TLorentzVector v;
                      v.SetPtEtaPhiE(pt[i], eta[i], phi[i], e[i]);
                      momenta.push_back(v);
                    }
                    return momenta;
                  },
                  {"good", "lep_pt", "lep_eta", "lep_phi", "lep_E"})
          .Define("system", [](const Vectors &p) { return p[0] + p[1] + p[2] + p[3]; }, {"momenta"})
          .Define("z_masses", zMasses, {"good", "momenta", "lep_charge", "lep_type"})
          .Define("z1", [](const ROOT::RVec<float> &m) { return m[0]; }, {"z_masses"})
          .Define("z2", [](const ROOT::RVec<float> &m) { return m[1]; }, {"z_masses"})
          .Define("mass", [](const TLorentzVector &s) { return float(s.Mag() / 1000.); }, {"system"})
          .Define("pt", [](const TLorentzVector &s) { return float(s.Pt() / 1000.); }, {"system"})
          .Define("y", [](const TLorentzVector &s) { return float(s.Rapidity()); }, {"system"})
          .Define("jets",
                  [](const Floats &pt, const Floats &eta) {
                    int jets = 0;
                    for (unsigned i = 0; i < pt.size(); i++)
                      jets += pt[i] > 30000. && std::abs(eta[i]) < 4.4;
                    return jets;
                  },
                  {"jet_pt", "jet_eta"})
          .Define("l_pt", ofGood([](const TLorentzVector &v) { return v.Pt() / 1000.; }), {"momenta"})
          .Define("l_eta", ofGood([](const TLorentzVector &v) { return v.Eta(); }), {"momenta"})
          .Define("l_E", ofGood([](const TLorentzVector &v) { return v.E() / 1000.; }), {"momenta"})
          .Define("l_phi", ofGood([](const TLorentzVector &v) { return v.Phi(); }), {"momenta"})
          .Define("l_charge", chosen<Ints>, {"good", "lep_charge"})
          .Define("l_type", chosen<UInts>, {"good", "lep_type"});
  auto one = [&](const char *name, int bins, double low, double high, const char *column) {
    return selected.Histo1D<float, float>({name, "", bins, low, high}, column, "weight");
  };
  auto four = [&](const char *name, int bins, double low, double high, const char *column) {
    return selected.Histo1D<Doubles, float>({name, "", bins, low, high}, column, "weight");
  };
  auto z1 = one("hist_mLL1", 30, 50, 106, "z1");
  auto z2 = one("hist_mLL2", 30, 12, 140, "z2");
  auto pt = one("hist_fourlepsys_pt", 20, 0, 200, "pt");
  auto y = one("hist_fourlepsys_y", 20, -3, 3, "y");
  auto mass = one("mass_four_lep", 24, 80, 170, "mass");
  auto extended = one("mass_ext_four_lep", 30, 80, 250, "mass");
  auto jets = selected.Histo1D<int, float>({"hist_n_jets", "", 4, -0.5, 3.5}, "jets", "weight");
  auto leptonPt = four("hist_fourleptpt", 5, 0, 200, "l_pt");
  auto eta = four("hist_fourlepteta", 10, -3, 3, "l_eta");
  auto energy = four("hist_fourleptE", 10, 0, 300, "l_E");
  auto phi = four("hist_fourleptphi", 8, -3.2, 3.2, "l_phi");
  auto charge = four("hist_fourleptch", 7, -1.75, 1.75, "l_charge");
  auto type = four("hist_fourleptID", 15, 5.5, 20.5, "l_type");
  TFile out(arguments[3], "RECREATE");
  for (auto *histogram : {&z1, &z2, &pt, &y, &mass, &extended, &jets, &leptonPt, &eta, &energy, &phi,
                          &charge, &type})
    (*histogram)->Write();
  // The reference books four more and never fills them.
  for (auto *name : {"hist_fourlept_ptc", "hist_fourleptetc", "hist_fourlepz0", "hist_fourlepd0"})
    TH1D(name, "", 10, 0, 1).Write();
}
