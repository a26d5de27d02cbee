"""Reads the columns that the four-lepton selection needs, with uproot; selects nothing."""

import sys

import uproot

COLUMNS = """
trigE trigM lep_n mcWeight scaleFactor_PILEUP scaleFactor_ELE scaleFactor_MUON
scaleFactor_LepTRIGGER lep_pt lep_eta lep_phi lep_E lep_z0 lep_charge lep_type lep_ptcone30
lep_etcone20 lep_trackd0pvunbiased lep_tracksigd0pvunbiased jet_n jet_pt jet_eta
""".split()

tree = uproot.open(sys.argv[1])["mini"]
events = 0
for batch in tree.iterate(COLUMNS, step_size="200 MB", library="ak"):
    events += len(batch)
print(events)
