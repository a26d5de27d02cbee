// The good leptons of the four-lepton selection, for whichever way the columns are read.
#pragma once
#include <ROOT/RVec.hxx>
#include <TLorentzVector.h>
#include <cmath>

using Floats = ROOT::RVec<float>;
using Ints = ROOT::RVec<int>;
using UInts = ROOT::RVec<unsigned int>;

// The indices of the good leptons.
inline ROOT::RVec<int> good(unsigned int n, const Floats &pt, const Floats &eta, const Floats &phi,
                     const Floats &e, const Floats &ptcone, const Floats &etcone,
                     const UInts &type, const Floats &d0, const Floats &sd0, const Floats &z0) {
  ROOT::RVec<int> found;
  for (unsigned int i = 0; i < n; i++) {
    if (!(pt[i] > 5000. && std::abs(eta[i]) < 2.5 && ptcone[i] / pt[i] < 0.3 &&
          etcone[i] / pt[i] < 0.3))
      continue;
    TLorentzVector v;
    v.SetPtEtaPhiE(pt[i] / 1000., eta[i], phi[i], e[i] / 1000.);
    if (!(std::abs(z0[i] * std::sin(v.Theta())) < 0.5)) continue;
    float significance = std::abs(d0[i]) / sd0[i];
    bool electron = type[i] == 11 && pt[i] > 7000. && std::abs(eta[i]) < 2.47 && significance < 5;
    bool muon = type[i] == 13 && significance < 3;
    if (electron || muon) found.push_back(i);
  }
  return found;
}
