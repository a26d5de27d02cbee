// Fills values of any type at random, and writes them as JSON: included by what compare_classes.py writes.
#include <array>
#include <bitset>
#include <complex>
#include <cstring>
#include <deque>
#include <fstream>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ROOT/RVec.hxx"
#include "TArrayC.h"
#include "TArrayF.h"
#include "TArrayI.h"
#include "TClonesArray.h"
#include "TDatime.h"
#include "TFile.h"
#include "TList.h"
#include "TLorentzVector.h"
#include "TMatrixDSym.h"
#include "TMatrixF.h"
#include "TNamed.h"
#include "TObjArray.h"
#include "TTimeStamp.h"
#include "TTree.h"
#include "TVector3.h"
#include "TVectorD.h"

enum Color { red = -2, green = 3, blue = 700 };

struct Random {
  unsigned long long state;
  /// A number below `end`.
  unsigned below(unsigned end) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return unsigned(state >> 33) % end;
  }
};

template <class T> void fill(T &value, Random &random);
template <class T> void emit(std::ostream &out, const T &value);

template <class T> struct IsPair : std::false_type {};
template <class A, class B> struct IsPair<std::pair<A, B>> : std::true_type {};
template <class T> struct IsComplex : std::false_type {};
template <class T> struct IsComplex<std::complex<T>> : std::true_type {};
template <class T> struct IsBits : std::false_type {};
template <size_t N> struct IsBits<std::bitset<N>> : std::true_type {};
template <class T> struct IsArray : std::is_array<T> {};
template <class T, size_t N> struct IsArray<std::array<T, N>> : std::true_type {};
template <class T, class = void> struct HasKey : std::false_type {};
template <class T> struct HasKey<T, std::void_t<typename T::key_type>> : std::true_type {};
template <class T>
constexpr bool is_numbers = std::is_same_v<T, TArrayC> || std::is_same_v<T, TArrayI> || std::is_same_v<T, TArrayF>;
template <class T> constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, TString>;

/// Copies arrays of arrays too.
template <class T> void assign(T &to, const T &from) {
  if constexpr (std::is_array_v<T>)
    for (size_t i = 0; i < std::extent_v<T>; ++i) assign(to[i], from[i]);
  else
    to = from;
}

template <class T> void fill(T &value, Random &random) {
  auto number = [&] { return int(random.below(9)); };
  if constexpr (std::is_same_v<T, bool>) {
    value = random.below(2);
  } else if constexpr (std::is_enum_v<T>) {
    Color colors[] = {red, green, blue};
    value = colors[random.below(3)];
  } else if constexpr (std::is_integral_v<T>) {
    unsigned long long bits = random.below(-1);
    value = random.below(2) ? T(random.below(100)) : T(bits << 33 ^ random.below(-1));
  } else if constexpr (std::is_floating_point_v<T>) {
    value = T(int(random.below(2000)) - 1000) / 8;
  } else if constexpr (is_text<T>) {
    // Some texts state their length in more than a byte.
    value = T(std::string(random.below(40) ? random.below(6) : 300, char('a' + random.below(26))).c_str());
  } else if constexpr (is_numbers<T>) {
    value.Set(random.below(4));
    for (int i = 0; i < value.GetSize(); ++i) fill(value[i], random);
  } else if constexpr (std::is_same_v<T, TVectorD>) {
    value.ResizeTo(1 + random.below(4));
    for (int i = 0; i < value.GetNrows(); ++i) value[i] = number();
  } else if constexpr (std::is_same_v<T, TMatrixF>) {
    value.ResizeTo(2, 1 + random.below(4));
    for (int i = 0; i < value.GetNoElements(); ++i) value.GetMatrixArray()[i] = number();
  } else if constexpr (std::is_same_v<T, TMatrixDSym>) {
    int rows = 1 + random.below(3);
    value.ResizeTo(rows, rows);
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j <= i; ++j) value(i, j) = value(j, i) = number();
  } else if constexpr (IsComplex<T>::value) {
    value = T(number(), number());
  } else if constexpr (std::is_same_v<T, TLorentzVector>) {
    value.SetPxPyPzE(number(), number(), number(), number());
  } else if constexpr (std::is_same_v<T, TVector3>) {
    value.SetXYZ(number(), number(), number());
  } else if constexpr (std::is_same_v<T, TNamed>) {
    value.SetNameTitle(TString('n', number()), "title");
  } else if constexpr (std::is_same_v<T, TDatime>) {
    value.Set(1000000000u + random.below(1000000000u));
  } else if constexpr (std::is_same_v<T, TTimeStamp>) {
    value.SetSec(random.below(100000));
    value.SetNanoSec(random.below(1000));
  } else if constexpr (IsPair<T>::value) {
    fill(value.first, random);
    fill(value.second, random);
  } else if constexpr (IsBits<T>::value) {
    for (size_t i = 0; i < value.size(); ++i) value[i] = random.below(2);
  } else if constexpr (IsArray<T>::value) {
    for (auto &item : value) fill(item, random);
  } else if constexpr (HasKey<T>::value) {
    value.clear();
    for (int left = random.below(4); left > 0; --left) {
      typename T::key_type key{};
      fill(key, random);
      if constexpr (IsPair<typename T::value_type>::value) {
        typename T::mapped_type mapped{};
        fill(mapped, random);
        value.insert({key, mapped});
      } else {
        value.insert(key);
      }
    }
  } else {
    value.clear();
    for (int left = random.below(4); left > 0; --left) {
      typename T::value_type item{};
      fill(item, random);
      value.push_back(item);
    }
  }
}

/// `count` items as a list.
template <class At> void items_of(std::ostream &out, int count, At at) {
  out << '[';
  for (int i = 0; i < count; ++i) {
    out << (i ? "," : "");
    emit(out, at(i));
  }
  out << ']';
}

/// "name": before a member.
inline void named(std::ostream &out, const char *name, bool &is_first) {
  out << (is_first ? "" : ",") << '"' << name << "\":";
  is_first = false;
}

/// A list of none or one.
template <class T> void pointed(std::ostream &out, const T *value) {
  items_of(out, value ? 1 : 0, [&](int) -> const T & { return *value; });
}

template <class T> void emit(std::ostream &out, const T &value) {
  if constexpr (std::is_same_v<T, bool>) {
    out << (value ? "true" : "false");
  } else if constexpr (std::is_enum_v<T>) {
    out << int(value);
  } else if constexpr (std::is_integral_v<T>) {
    out << +value;
  } else if constexpr (std::is_floating_point_v<T>) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", double(value));
    out << text;
  } else if constexpr (is_text<T>) {
    out << '"' << value << '"';
  } else if constexpr (is_numbers<T>) {
    items_of(out, value.GetSize(), [&](int i) { return value.At(i); });
  } else if constexpr (std::is_same_v<T, TVectorD>) {
    out << "{\"fElements\":";
    items_of(out, value.GetNrows(), [&](int i) { return value[i]; });
    out << '}';
  } else if constexpr (std::is_same_v<T, TMatrixF>) {
    out << "{\"fElements\":";
    items_of(out, value.GetNoElements(), [&](int i) { return value.GetMatrixArray()[i]; });
    out << '}';
  } else if constexpr (std::is_same_v<T, TMatrixDSym>) {
    // Of a symmetric matrix one triangle is stored.
    std::vector<double> triangle;
    for (int i = 0; i < value.GetNrows(); ++i)
      for (int j = i; j < value.GetNcols(); ++j) triangle.push_back(value(i, j));
    out << "{\"fElements\":";
    emit(out, triangle);
    out << '}';
  } else if constexpr (IsComplex<T>::value) {
    out << "{\"_real\":" << value.real() << ",\"_imag\":" << value.imag() << '}';
  } else if constexpr (std::is_same_v<T, TLorentzVector>) {
    out << "{\"fP\":";
    emit(out, value.Vect());
    out << ",\"fE\":" << value.E() << '}';
  } else if constexpr (std::is_same_v<T, TVector3>) {
    out << "{\"fX\":" << value.x() << ",\"fY\":" << value.y() << ",\"fZ\":" << value.z() << '}';
  } else if constexpr (std::is_same_v<T, TNamed>) {
    out << "{\"fName\":\"" << value.GetName() << "\",\"fTitle\":\"" << value.GetTitle() << "\"}";
  } else if constexpr (std::is_same_v<T, TDatime>) {
    out << value.Get();
  } else if constexpr (std::is_same_v<T, TTimeStamp>) {
    out << "{\"fSec\":" << value.GetSec() << ",\"fNanoSec\":" << value.GetNanoSec() << '}';
  } else if constexpr (IsPair<T>::value) {
    out << "{\"first\":";
    emit(out, value.first);
    out << ",\"second\":";
    emit(out, value.second);
    out << '}';
  } else if constexpr (IsBits<T>::value) {
    items_of(out, value.size(), [&](int i) { return bool(value[i]); });
  } else {
    out << '[';
    bool is_first = true;
    for (const auto &item : value) {
      out << (is_first ? "" : ",");
      is_first = false;
      emit(out, item);
    }
    out << ']';
  }
}
