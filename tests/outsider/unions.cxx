// Trees of which some lack branches that others have, of every kind.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "TClonesArray.h"
#include "TFile.h"
#include "TLorentzVector.h"
#include "TTree.h"

struct Spot {
    int channel = 0;
    float charge = 0;
    Double32_t share = 0;  //[0,1,16]
    std::vector<int> samples;
    std::string name;
    int n = 0;
    float *counted = nullptr;  //[n]
    Spot() = default;
    Spot(const Spot &other) { *this = other; }
    Spot &operator=(const Spot &other) {
        channel = other.channel;
        charge = other.charge;
        share = other.share;
        samples = other.samples;
        name = other.name;
        delete[] counted;
        n = other.n;
        counted = n ? new float[n] : nullptr;
        for (int item = 0; item < n; ++item) counted[item] = other.counted[item];
        return *this;
    }
    ~Spot() { delete[] counted; }
};

Spot hit(int entry) {
    Spot hit;
    hit.channel = entry + 1;
    hit.charge = 2;
    hit.share = 0.5;
    hit.samples = {3, 4};
    hit.name = "hit";
    hit.n = 2;
    hit.counted = new float[2]{5, 6};
    return hit;
}

template <class T> std::vector<T> several(int entry, T item) { return std::vector<T>(entry % 4, item); }

class Writer {
  public:
    Writer(TTree &tree) : tree(tree) {}

    /// Adds a branch, or a few.
    void add(const std::string &kind) {
        if (kind == "entry") leaves<int>("entry", "entry/I", [](int *x, int i) { *x = i; });
        if (kind == "number") leaves<double>("number", "number/D", [](double *x, int i) { *x = i + 1; });
        if (kind == "short") leaves<Double32_t>("short", "short/d[0,100,16]", [](Double32_t *x, int i) { *x = i + 1; });
        if (kind == "matrix") leaves<float>("matrix", "matrix[3][2]/F", [](float *x, int i) { x[5] = i + 1; });
        if (kind == "leaves") leaves<int>("leaves", "a/I:b[2]/I", [](int *x, int i) { x[2] = i + 1; });
        if (kind == "text") leaves<char>("text", "text/C", [](char *x, int i) { snprintf(x, 64, "text %d", i); });
        if (kind == "counter" || kind == "counted") leaves<int>("n", "n/I", [](int *x, int i) { *x = i % 4; });
        if (kind == "counted") leaves<short>("counted", "counted[n]/S", [](short *x, int i) { x[0] = x[1] = x[2] = i + 1; });
        if (kind == "string") object<std::string>("string", 99, [](auto &x, int i) { x = "string " + std::to_string(i); });
        if (kind == "vector") object<std::vector<float>>("vector", 99, [](auto &x, int i) { x = several(i, 2.f); });
        if (kind == "nested") object<std::vector<std::vector<short>>>("nested", 99, [](auto &x, int i) { x = several(i, std::vector<short>{1, 2}); });
        if (kind == "strings") object<std::vector<std::string>>("strings", 99, [](auto &x, int i) { x = several(i, std::string("s")); });
        if (kind == "map") object<std::map<int, double>>("map", 99, [](auto &x, int i) { x = {{i, 1.5}}; });
        if (kind == "momentum") object<TLorentzVector>("momentum", 0, [](auto &x, int i) { x.SetPxPyPzE(1, 2, 3, i); });
        if (kind == "splitMomentum") object<TLorentzVector>("splitMomentum", 99, [](auto &x, int i) { x.SetPxPyPzE(1, 2, 3, i); });
        if (kind == "hit") object<Spot>("hit", 0, [](auto &x, int i) { x = hit(i); });
        if (kind == "splitHit") object<Spot>("splitHit", 99, [](auto &x, int i) { x = hit(i); });
        if (kind == "hits") object<std::vector<Spot>>("hits", 0, [](auto &x, int i) { x = several(i, hit(i)); });
        if (kind == "splitHits") object<std::vector<Spot>>("splitHits", 99, [](auto &x, int i) { x = several(i, hit(i)); });
        if (kind == "clones") {
            auto clones = new TClonesArray("TLorentzVector");
            tree.Branch("clones", clones, 32000, 99);
            fills.push_back([=](int i) {
                clones->Clear();
                for (int number = 0; number < i % 4; ++number) new ((*clones)[number]) TLorentzVector(1, 2, 3, i);
            });
        }
    }

    void fill(int entries) {
        for (int entry = 0; entry < entries; ++entry) {
            for (auto &fill : fills) fill(entry);
            tree.Fill();
        }
    }

  private:
    template <class T> void object(const char *name, int split, std::function<void(T &, int)> fill) {
        auto object = new T();
        tree.Branch(name, object, 32000, split);
        fills.push_back([=](int entry) { fill(*object, entry); });
    }

    template <class T> void leaves(const char *name, const char *leaves, std::function<void(T *, int)> fill) {
        auto values = new T[64]();
        tree.Branch(name, values, leaves);
        fills.push_back([=](int entry) { fill(values, entry); });
    }

    TTree &tree;
    std::vector<std::function<void(int)>> fills;
};

/// A tree with branches of these kinds.
void write_kinds(const char *path, const std::vector<std::string> &kinds, int entries) {
    TFile file(path, "recreate");
    TTree tree("tree", "title");
    Writer writer(tree);
    for (auto &kind : kinds) writer.add(kind);
    writer.fill(entries);
    tree.Write();
}

#ifdef __CLING__
#pragma link C++ class Spot+;
#pragma link C++ class std::vector<Spot>+;
#pragma link C++ class std::map<int, double>+;
#pragma link C++ class std::vector<std::vector<short>>+;
#endif
