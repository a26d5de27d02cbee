"""One analysis of the reference framework over one file, as a user runs it: compiled by ACLiC.

    .venv/bin/python benches/peers/framework.py FRAMEWORK ANALYSIS SAMPLE FILE

FRAMEWORK is a checkout of atlas-outreach-data-tools/atlas-outreach-cpp-framework-13tev. Its
histograms come to lie in FRAMEWORK/Analysis/<ANALYSIS>Analysis/Output_<ANALYSIS>Analysis.
"""

import os
import pathlib
import sys

import ROOT

framework, analysis, sample, file = sys.argv[1:]
file = pathlib.Path(file).resolve()
os.chdir(pathlib.Path(framework) / "Analysis" / f"{analysis}Analysis")
os.makedirs(f"Output_{analysis}Analysis", exist_ok=True)
ROOT.gROOT.SetBatch(True)
chain = ROOT.TChain("mini")
chain.AddFile(str(file))
if chain.Process(f"{analysis}Analysis.C+O", sample) < 0:
    sys.exit(f"{analysis} failed")
