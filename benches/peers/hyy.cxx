// The two-photon selection as a user of RDataFrame would write and compile it: the same cuts and
// the same two-photon mass as `rootlake analyze hyy`, one histogram.
//
//   hyy FILE THREADS OUT.txt      (compiled by benches/peers/analyses.py)
#include <ROOT/RDataFrame.hxx>
#include <TLorentzVector.h>
#include <TMath.h>
#include <cstdlib>
#include <fstream>

using Floats = ROOT::RVec<float>;

// The indices of the good photons.
ROOT::RVec<int> good(unsigned int n, const ROOT::RVec<bool> &tight, const Floats &pt,
                     const Floats &eta) {
  ROOT::RVec<int> found;
  for (unsigned int i = 0; i < n; i++) {
    double distance = std::abs(eta[i]);
    if (tight[i] && pt[i] > 25000. && distance < 2.37 && (distance < 1.37 || distance > 1.52))
      found.push_back(i);
  }
  return found;
}

bool isolated(const ROOT::RVec<int> &good, const Floats &pt, const Floats &ptcone,
              const Floats &etcone) {
  for (int i : good)
    if (!(ptcone[i] / pt[i] < 0.065 && etcone[i] / pt[i] < 0.065)) return false;
  return true;
}

// The mass, GeV; 0 where a photon is too soft for it.
float mass(const ROOT::RVec<int> &good, const Floats &pt, const Floats &eta, const Floats &phi,
           const Floats &e) {
  TLorentzVector one, two;
  one.SetPtEtaPhiE(pt[good[0]], eta[good[0]], phi[good[0]], e[good[0]]);
  two.SetPtEtaPhiE(pt[good[1]], eta[good[1]], phi[good[1]], e[good[1]]);
  float angle = std::abs(phi[good[0]] - phi[good[1]]);
  angle = angle < TMath::Pi() ? angle : 2 * TMath::Pi() - angle;
  float mass = std::sqrt(2 * one.Pt() / 1000. * two.Pt() / 1000. *
                         (std::cosh(one.Eta() - two.Eta()) - std::cos(angle)));
  return one.Pt() / 1000. / mass > 0.35 && two.Pt() / 1000. / mass > 0.25 ? mass : 0;
}

int main(int, char **arguments) {
  int threads = std::atoi(arguments[2]);
  if (threads > 1) ROOT::EnableImplicitMT(threads);
  ROOT::RDataFrame frame("mini", arguments[1]);
  auto histogram =
      frame.Filter([](bool trigger) { return trigger; }, {"trigP"})
          .Define("good", good, {"photon_n", "photon_isTightID", "photon_pt", "photon_eta"})
          .Filter([](const ROOT::RVec<int> &g) { return g.size() == 2; }, {"good"})
          .Filter(isolated, {"good", "photon_pt", "photon_ptcone30", "photon_etcone20"})
          .Define("mass", mass, {"good", "photon_pt", "photon_eta", "photon_phi", "photon_E"})
          .Filter([](float m) { return m > 105 && m < 160; }, {"mass"})
          .Define("weight", [](float p, float t, float u, float w) { return p * t * u * w; },
                  {"scaleFactor_PHOTON", "scaleFactor_PhotonTRIGGER", "scaleFactor_PILEUP",
                   "mcWeight"})
          .Histo1D<float, float>({"hist_mYY_bin1", "", 30, 105, 160}, "mass", "weight");
  std::ofstream out(arguments[3]);
  out << histogram->GetEntries() << " " << histogram->GetSumOfWeights() << "\n";
}
