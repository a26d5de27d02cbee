// Classes whose members stand as few others do.
struct Odd;
struct Random;
#include <iosfwd>
inline void fill(Odd &, Random &);
inline void emit(std::ostream &, const Odd &);
#include "compare_classes.h"

struct Odd {
  // One header stands before all items of an array.
  TString texts[2];
  TNamed named[2];
  std::vector<std::pair<int, double>> pairs[2];
  std::map<int, std::vector<std::string>> maps[2];
  // What has a header of its own in a pair, and what has none.
  std::vector<std::pair<char, TString>> notes;
  std::map<std::string, TString> names;
};

inline void fill(Odd &x, Random &random) {
  fill(x.texts, random);
  fill(x.named, random);
  fill(x.pairs, random);
  fill(x.maps, random);
  fill(x.notes, random);
  fill(x.names, random);
}

inline void emit(std::ostream &out, const Odd &x) {
  bool is_first = true;
  out << '{';
  named(out, "texts", is_first), emit(out, x.texts);
  named(out, "named", is_first), emit(out, x.named);
  named(out, "pairs", is_first), emit(out, x.pairs);
  named(out, "maps", is_first), emit(out, x.maps);
  named(out, "notes", is_first), emit(out, x.notes);
  named(out, "names", is_first), emit(out, x.names);
  out << '}';
}

struct Counted {
  int n = 0;
  float *items = nullptr; //[n]
  std::string text;
};

#ifdef __CLING__
#pragma link C++ class std::pair<int, double>+;
#pragma link C++ class std::pair<char, TString>+;
#pragma link C++ class std::vector<std::pair<int, double>>+;
#pragma link C++ class std::vector<std::pair<char, TString>>+;
#pragma link C++ class std::vector<std::string>+;
#pragma link C++ class std::map<int, std::vector<std::string>>+;
#pragma link C++ class std::map<std::string, TString>+;
#pragma link C++ class Odd+;
#pragma link C++ class Counted+;
#pragma link C++ class std::vector<Odd>+;
#endif

void write(const char *path, const char *values) {
  Random random{1};
  TFile file(path, "RECREATE");
  TTree tree("t", "t");
  Odd whole, split;
  std::vector<Odd> several, members;
  tree.Branch("whole", &whole, 1000, 0);
  tree.Branch("split.", &split, 1000, 99);
  tree.Branch("several", &several, 1000, 0);
  tree.Branch("members", &members, 1000, 99);
  std::ofstream out(values);
  for (int entry = 0; entry < 30; ++entry) {
    bool is_first = true;
    auto add = [&](const char *name, auto &value) {
      fill(value, random);
      named(out, name, is_first);
      emit(out, value);
    };
    out << '{';
    add("whole", whole);
    add("split", split);
    add("several", several);
    add("members", members);
    out << "}\n";
    tree.Fill();
  }
  tree.Write();
}

/// A tree whose baskets leave it to the reader where their entries begin, which ROOT reads no array of.
void write_generated(const char *path, const char *values) {
  Random random{1};
  TFile file(path, "RECREATE");
  TTree tree("t", "t");
  ROOT::TIOFeatures features;
  features.Set(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
  tree.SetIOFeatures(features);
  Counted counted;
  tree.Branch("counted.", &counted, 1000, 99);
  std::ofstream out(values);
  for (int entry = 0; entry < 90; ++entry) {
    std::vector<float> items;
    fill(items, random);
    fill(counted.text, random);
    counted.n = items.size();
    counted.items = items.data();
    out << "{\"counted\":{\"n\":" << counted.n << ",\"items\":";
    emit(out, items);
    out << ",\"text\":";
    emit(out, counted.text);
    out << "}}\n";
    tree.Fill();
  }
  tree.Write();
  counted.items = nullptr;
}
