// Writes what the framework's Plotting draws as JSON: included into its source by compare_plots.py.
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "TF1.h"
#include "TH1F.h"
#include "TROOT.h"
#include "TColor.h"
#include "THStack.h"

namespace drawn {

using Named = std::vector<std::pair<const char *, TH1F *>>;

struct File {
  FILE *out = std::fopen("drawn.json", "w");
  bool is_first = true;
  ~File() {
    std::fputs(is_first ? "{}\n" : "\n}\n", out);
    std::fclose(out);
  }
};

inline File &file() {
  static File file;
  return file;
}

inline void number(double value) {
  if (std::isfinite(value))
    std::fprintf(file().out, "%.17g", value);
  else
    std::fputs("null", file().out);
}

/// "what":[n values]
template <class Value> void numbers(const char *what, int n, Value value) {
  std::fprintf(file().out, "\"%s\":[", what);
  for (int i = 0; i < n; ++i) {
    if (i > 0) std::fputc(',', file().out);
    number(value(i));
  }
  std::fputc(']', file().out);
}

/// "what":{"contents":[…],"errors":[…]}, from the underflow to the overflow
inline void histogram(const char *what, const TH1 *h) {
  const int cells = h->GetNbinsX() + 2;
  std::fprintf(file().out, "\"%s\":{", what);
  numbers("contents", cells, [h](int i) { return h->GetBinContent(i); });
  std::fputc(',', file().out);
  numbers("errors", cells, [h](int i) { return h->GetBinError(i); });
  std::fputc('}', file().out);
}

/// All that a plot shows. The names of the parts are those that the framework's source gives them.
inline void plot(const std::string &name, const TH1F *data, const THStack *stack, const TH1F *sum,
                 const TH1F *ratio, const Named &parts, const Named &signals, const TF1 *fit) {
  FILE *out = file().out;
  std::fprintf(out, "%s\n\"%s\":{", file().is_first ? "{" : ",", name.c_str());
  file().is_first = false;
  histogram("data", data);
  std::fputs(",\"stack\":[", out);
  bool is_first = true;
  for (const TObject *object : *stack->GetHists()) {
    const auto *h = static_cast<const TH1F *>(object);
    const char *part = "?";
    for (const auto &[known, histogram] : parts)
      if (histogram == h) part = known;
    const char *colour = gROOT->GetColor(h->GetFillColor())->AsHexString();
    std::fprintf(out, "%s{\"part\":\"%s\",\"colour\":\"%s\",", is_first ? "" : ",", part, colour);
    is_first = false;
    histogram("histogram", h);
    std::fputc('}', out);
  }
  std::fputs("],", out);
  histogram("sum", sum);
  std::fputc(',', out);
  histogram("ratio", ratio);
  std::fputs(",\"signals\":{", out);
  is_first = true;
  for (const auto &[known, h] : signals) {
    if (h->GetNbinsX() < 2) continue;
    if (!is_first) std::fputc(',', out);
    is_first = false;
    histogram(known, h);
  }
  std::fputc('}', out);
  if (fit != nullptr) {
    std::fputs(",\"fit\":{\"chi2\":", out);
    number(fit->GetChisquare());
    std::fputc(',', out);
    numbers("parameters", fit->GetNpar(), [fit](int i) { return fit->GetParameter(i); });
    std::fputc('}', out);
  }
  std::fputc('}', out);
}

} // namespace drawn
