// Trees of objects as ROOT writes them: each class whole, split once, and split all the way.
#include <bitset>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "TClonesArray.h"
#include "TFile.h"
#include "TList.h"
#include "TLorentzVector.h"
#include "TObjArray.h"
#include "TObject.h"
#include "TRef.h"
#include "TRefArray.h"
#include "TString.h"
#include "TTree.h"
#include "TVector3.h"

struct Point {
    double x, y;
};

struct Base {
    int id = 0;
    float weight = 0;
};

struct Hit : Base {
    int channel[3];
    short grid[2][3];
    Point point;
    std::vector<float> samples;
    std::string name;
};

struct Scalars {
    bool o;
    char b;
    unsigned char ub;
    short s;
    unsigned short us;
    int i;
    unsigned int ui;
    long long l;
    unsigned long long ul;
    float f;
    double d;
};

struct Shorts {
    Double32_t plain;
    Double32_t ranged;     //[0,10,16]
    Double32_t cut;        //[0,0,10]
    Float16_t half;
    Float16_t halfRanged;  //[-3,3,8]
    Double32_t several[4]; //[0,1,20]
};

struct Counted {
    int n = 0;
    float *x = nullptr;  //[n]
    double *y = nullptr; //[n]
    short behind = 0;
};

struct Containers {
    std::vector<std::vector<double>> nested;
    std::vector<bool> flags;
    std::set<int> numbers;
    std::map<int, float> shares;
    std::map<std::string, int> counts;
    std::map<std::string, std::vector<int>> lists;
    std::vector<std::map<int, int>> maps;
    std::vector<std::pair<int, float>> pairs;
    std::vector<std::string> texts;
    std::pair<int, double> pair;
};

class Track : public TObject {
public:
    float px = 0;
    Double32_t charge = 0; //[0,10,16]
    int ids[2] = {0, 0};
    TString name;
    std::vector<int> hits;
    TVector3 vertex;
    TLorentzVector momentum;
    ClassDefOverride(Track, 3)
};

enum class Colour { red, green = 300, blue };

/// What its members point to, some of it at no object.
struct Pointers {
    Track *track = nullptr;
    Track *none = nullptr;
    Point *point = nullptr;
    TVector3 *several[2] = {nullptr, nullptr};
    TRefArray *references = nullptr;
    std::vector<float> *numbers = new std::vector<float>;
    std::vector<Track *> tracks;
    std::vector<Point *> points;
};

struct References {
    TRef one;
    TRef several[2];
    TRefArray many;
};

struct Bits {
    std::bitset<12> flags;
    std::vector<std::bitset<4>> nibbles;
    Colour colour;
    std::vector<Colour> palette;
};

class Cluster : public TObject, public Base {
public:
    short channel = 0;
    std::vector<float> samples;
    std::string name;
    TClonesArray tracks = TClonesArray("Track");
    ClassDefOverride(Cluster, 2)
};

/// Collections of objects whose class no description tells.
struct Collections {
    int before = 0;
    TClonesArray tracks = TClonesArray("Track");
    TClonesArray *clusters = new TClonesArray("Cluster");
    TClonesArray singly = TClonesArray("Cluster");
    TObjArray array;
    TList *list = new TList;
    int n = 0;
    float *behind = nullptr; //[n]
};

/// An array of objects that a member counts.
struct Looped {
    int n = 0;
    Point *points = nullptr; //[n]
    int m = 0;
    TVector3 *vectors = nullptr; //[m]
    int behind = 0;
};

/// A pointer to objects of another class than it says.
struct Derived {
    int n = 0;
    TObject *object = new TNamed("a", "b");
};

void fill(Derived &o, int e) { o.n = e; }

void fill(Point &o, int e) { o = {e * 1.25, -1.0 * e}; }

void fill(Hit &o, int e) {
    o.id = e;
    o.weight = e * 0.5f;
    for (int i = 0; i < 3; i++) o.channel[i] = e * 10 + i;
    for (int i = 0; i < 6; i++) o.grid[i / 3][i % 3] = e + i;
    fill(o.point, e + 1);
    o.samples.assign(e % 3, e * 0.25f);
    o.name = "hit" + std::to_string(e);
}

void fill(Scalars &o, int e) {
    o = {e % 2 == 1, char('a' + e % 20), (unsigned char)(200 + e), short(-e), (unsigned short)(60000 + e),
         -100000 * e, 4000000000u + e, -5000000000ll * e, 1000000000000ull * e, e * 0.1f, e * 0.1};
}

void fill(Shorts &o, int e) {
    o = {e / 3., e % 10 + 0.123, e * 1.1, Float16_t(e * 0.7), Float16_t(e % 6 - 3 + 0.1), {}};
    for (int i = 0; i < 4; i++) o.several[i] = i * 0.2 + 0.01 * (e % 10);
}

void fill(Counted &o, int e) {
    delete[] o.x;
    delete[] o.y;
    o.n = e % 4;
    o.x = o.n ? new float[o.n] : nullptr;
    o.y = o.n ? new double[o.n] : nullptr;
    for (int i = 0; i < o.n; i++) {
        o.x[i] = e + i;
        o.y[i] = e * i;
    }
    o.behind = e;
}

void fill(Containers &o, int e) {
    o = Containers();
    for (int i = 0; i < e % 4; i++) {
        const auto key = "k" + std::to_string(i);
        o.nested.push_back(std::vector<double>(i, e * 0.5));
        o.flags.push_back((i + e) % 2);
        o.numbers.insert(i * 3);
        o.shares[i] = e + 0.5f * i;
        o.counts[key] = e;
        o.lists[key] = std::vector<int>(i, e);
        o.maps.push_back({{i, e}});
        o.pairs.push_back({i, e * 0.5f});
        o.texts.push_back(key);
    }
    o.pair = {e, e * 0.1};
}

void fill(Track &o, int e) {
    o.px = e;
    o.charge = e % 10 + 0.5;
    o.ids[0] = e;
    o.name = TString('t', e % 300);
    o.hits.assign(e % 3, e);
    o.vertex.SetXYZ(e, 1, 2);
    o.momentum.SetPxPyPzE(e, 2, 3, 4);
}

template <class T> T *filled(int e) {
    if (e % 3 == 0) return nullptr;
    auto *object = new T;
    fill(*object, e);
    return object;
}

void fill(Pointers &o, int e) {
    o.track = filled<Track>(e);
    o.point = filled<Point>(e + 1);
    for (int i = 0; i < 2; i++) o.several[i] = (e + i) % 3 ? new TVector3(e, i, 1) : nullptr;
    o.references = e % 2 ? new TRefArray : nullptr;
    o.numbers->assign(e % 4, e * 0.5f);
    o.tracks.clear();
    o.points.clear();
    for (int i = 0; i < e % 5; i++) {
        o.tracks.push_back(filled<Track>(e + i));
        o.points.push_back(filled<Point>(e + i));
    }
}

void fill(TClonesArray &o, int e);

void fill(Cluster &o, int e) {
    o.id = e;
    o.weight = e * 0.5f;
    o.channel = -e;
    o.samples.assign(e % 3, e * 0.25f);
    o.name = "c" + std::to_string(e);
    fill(o.tracks, e + 1);
}

void fill(Looped &o, int e) {
    delete[] o.points;
    delete[] o.vectors;
    o.n = e % 4;
    o.m = e % 3;
    o.points = o.n ? new Point[o.n] : nullptr;
    o.vectors = o.m ? new TVector3[o.m] : nullptr;
    for (int i = 0; i < o.n; i++) fill(o.points[i], e + i);
    for (int i = 0; i < o.m; i++) o.vectors[i].SetXYZ(e, i, 1);
    o.behind = e;
}

void fill(Collections &o, int e) {
    o.before = e;
    fill(o.tracks, e);
    o.singly.BypassStreamer(false);
    for (auto *clusters : {o.clusters, &o.singly}) {
        clusters->Clear("C");
        for (int i = 0; i < e % 3; i++) fill(*static_cast<Cluster *>(clusters->ConstructedAt(i)), e + i);
    }
    o.array.Clear();
    o.list->Clear();
    for (int i = 0; i < e % 4; i++) {
        o.array.Add(filled<Track>(e + i));
        o.list->Add(new TNamed(Form("n%d", e + i), ""), i ? "option" : "");
    }
    delete[] o.behind;
    o.n = e % 3;
    o.behind = o.n ? new float[o.n] : nullptr;
    for (int i = 0; i < o.n; i++) o.behind[i] = e + i;
}

void fill(References &o, int e) {
    static std::vector<TNamed *> objects;
    objects.push_back(new TNamed("object", ""));
    o.one = objects.back();
    o.several[0] = objects[e / 2];
    o.several[1] = nullptr;
    o.many = TRefArray();
    for (int i = 0; i < e % 4; i++) o.many.Add(objects[i]);
}

void fill(Bits &o, int e) {
    o.flags = std::bitset<12>(e * 37);
    o.nibbles.assign(e % 3, std::bitset<4>(e));
    o.colour = e % 2 ? Colour::green : Colour::blue;
    o.palette.assign(e % 3, Colour::green);
}

template <class T> void fill(std::vector<T> &o, int e) {
    o.clear();
    for (int i = 0; i < e % 4; i++) {
        o.emplace_back();
        fill(o.back(), e + i);
    }
}

void fill(TClonesArray &o, int e) {
    o.Clear("C");
    for (int i = 0; i < e % 4; i++) fill(*static_cast<Track *>(o.ConstructedAt(i)), e + i);
}

/// A tree of one branch, of 40 entries in baskets of 2 kB.
template <class T> void tree(TFile &file, const char *name, int split, T *object = new T) {
    TTree tree(Form("%s_%d", name, split), "");
    tree.Branch("o", &object, 2000, split);
    for (int entry = 0; entry < 40; entry++) {
        fill(*object, entry);
        tree.Fill();
    }
    file.WriteTObject(&tree);
}

/// A tree of plain short floats, one branch and array for each range.
void ranges(TFile &file) {
    const char *texts[] = {"", "[0,1,8]", "[-2.71,10,20]", "[-2.71,10]", "[-pi,pi/2,12]", "[0,2*pi/4,30]",
                           "[0,0,10]", "[0,0,14]", "[0,0,15]", "[0,0,32]", "[5,5,20]", "[a,1e1x,9.5]", "[0,3,40]"};
    TTree tree("ranges", "");
    double d[4];
    float f[4];
    for (int i = 0; i < 13; i++) {
        tree.Branch(Form("d%d", i), d, Form("d%d/d%s", i, texts[i]), 2000);
        tree.Branch(Form("f%d", i), f, Form("f%d/f%s", i, texts[i]), 2000);
        tree.Branch(Form("da%d", i), d, Form("da%d[2][2]/d%s", i, texts[i]), 2000);
        tree.Branch(Form("fa%d", i), f, Form("fa%d[4]/f%s", i, texts[i]), 2000);
    }
    for (int entry = 0; entry < 40; entry++) {
        for (int i = 0; i < 4; i++) d[i] = f[i] = entry * 0.0731 - i * 0.377;
        tree.Fill();
    }
    file.WriteTObject(&tree);
}

void write(const char *path) {
    TFile file(path, "RECREATE");
    ranges(file);
    for (int split : {0, 1, 99}) {
        tree<Hit>(file, "hit", split);
        tree<Scalars>(file, "scalars", split);
        tree<Shorts>(file, "shorts", split);
        tree<Counted>(file, "counted", split);
        tree<Containers>(file, "containers", split);
        tree<Track>(file, "track", split);
        tree<Derived>(file, "derived", split);
        tree<Looped>(file, "looped", split);
        tree<Pointers>(file, "pointers", split);
        tree<Collections>(file, "collections", split);
        tree<References>(file, "references", split);
        tree<Bits>(file, "bits", split);
        tree<std::vector<Pointers>>(file, "many_pointers", split);
        tree<std::vector<Collections>>(file, "many_collections", split);
        if (split == 0) tree<std::vector<Looped>>(file, "many_looped", split);
        tree<std::vector<References>>(file, "many_references", split);
        tree<std::vector<Bits>>(file, "many_bits", split);
        tree<std::vector<Hit>>(file, "hits", split);
        tree<std::vector<Point>>(file, "points", split);
        tree<std::vector<Shorts>>(file, "many_shorts", split);
        tree<std::vector<Counted>>(file, "many_counted", split);
        tree<std::vector<Track>>(file, "tracks", split);
        if (split > 0) tree(file, "clones", split, new TClonesArray("Track", 5));
    }
}

#ifdef __CLING__
#pragma link C++ class Point+;
#pragma link C++ class Base+;
#pragma link C++ class Hit+;
#pragma link C++ class Scalars+;
#pragma link C++ class Shorts+;
#pragma link C++ class Counted+;
#pragma link C++ class Containers+;
#pragma link C++ class Track+;
#pragma link C++ enum Colour;
#pragma link C++ class Derived+;
#pragma link C++ class Looped+;
#pragma link C++ class std::vector<Looped>+;
#pragma link C++ class Pointers+;
#pragma link C++ class References+;
#pragma link C++ class Collections+;
#pragma link C++ class std::vector<Collections>+;
#pragma link C++ class Bits+;
#pragma link C++ class std::vector<Pointers>+;
#pragma link C++ class std::vector<References>+;
#pragma link C++ class std::vector<Bits>+;
#pragma link C++ class std::vector<Point>+;
#pragma link C++ class std::vector<Hit>+;
#pragma link C++ class std::vector<Counted>+;
#pragma link C++ class std::vector<Shorts>+;
#pragma link C++ class std::vector<Track>+;
#pragma link C++ class std::map<std::string, std::vector<int>>+;
#pragma link C++ class std::vector<std::map<int, int>>+;
#pragma link C++ class std::vector<std::pair<int, float>>+;
#endif
