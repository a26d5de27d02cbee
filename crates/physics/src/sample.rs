//! What a sample's name says about it.

use crate::FinalState;

/// A sample by name, and the rule for the weights of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    name: String,
    rule: WeightRule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WeightRule {
    Data,
    SignOnly,
    Simulation,
}

impl Sample {
    /// The sample of that name. As in the reference framework (`Process` of each analysis) a name
    /// that contains `data` is data, even if it contains `single` as well; one that contains
    /// `single` is a single-top simulation of which only the weights' signs count. Case matters.
    pub fn named(name: &str) -> Self {
        let rule = if name.contains("data") {
            WeightRule::Data
        } else if name.contains("single") {
            WeightRule::SignOnly
        } else {
            WeightRule::Simulation
        };
        Self {
            name: name.to_owned(),
            rule,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether these are recorded events, which all count 1.
    pub fn is_data(&self) -> bool {
        self.rule == WeightRule::Data
    }

    /// Whether its events count as those of `other` do: 1, by weight, or by the weight's sign.
    pub fn counts_as(&self, other: &Self) -> bool {
        self.rule == other.rule
    }

    /// What its events are, in words.
    pub fn kind(&self) -> &'static str {
        match self.rule {
            WeightRule::Data => "data",
            WeightRule::SignOnly => "single-top simulation",
            WeightRule::Simulation => "simulation",
        }
    }

    /// The same sample with the full weights of its events, if it is a simulation.
    pub fn with_full_weights(&self) -> Self {
        let rule = match self.rule {
            WeightRule::SignOnly => WeightRule::Simulation,
            other => other,
        };
        Self {
            name: self.name.clone(),
            rule,
        }
    }

    /// Whether only the sign of `mcWeight` counts.
    pub fn has_sign_weights(&self) -> bool {
        self.rule == WeightRule::SignOnly
    }
}

/// The sample's name in the path or URL of one of its files.
///
/// The last part of the path counts, without a URL's query and fragment, without `.root`, without
/// a leading `mc_` and data-set number and without the final state at the end. Other names than
/// those of the open data come out as they are, without `.root`.
///
/// ```
/// use rootlake_physics::sample_name_from_path;
///
/// let name = sample_name_from_path("4lep/MC/mc_345060.ggH125_ZZ4lep.4lep.root");
/// assert_eq!(name, "ggH125_ZZ4lep");
/// let name = sample_name_from_path("https://example.org/data_A.4lep.root?download=1");
/// assert_eq!(name, "data_A");
/// ```
pub fn sample_name_from_path(path: &str) -> String {
    let path = match path.contains("://") {
        true => path.split(['?', '#']).next().unwrap_or(path),
        false => path,
    };
    let file = path.rsplit('/').next().unwrap_or(path);
    let mut name = file.strip_suffix(".root").unwrap_or(file);
    if let Some((prefix, rest)) = name.split_once('.')
        && prefix.strip_prefix("mc_").is_some_and(is_number)
    {
        name = rest;
    }
    if let Some((rest, suffix)) = name.rsplit_once('.')
        && (is_other_final_state(suffix) || suffix.parse::<FinalState>().is_ok())
    {
        name = rest;
    }
    name.to_owned()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The collections of the open data that no analysis here reads yet.
fn is_other_final_state(name: &str) -> bool {
    ["2tau", "exactly2lep"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_wins_over_single_and_case_matters() {
        let rules = [
            ("data_A", WeightRule::Data),
            ("mydata", WeightRule::Data),
            ("single_data", WeightRule::Data),
            ("single_top_tchan", WeightRule::SignOnly),
            ("llll", WeightRule::Simulation),
            ("Data", WeightRule::Simulation),
            ("Single", WeightRule::Simulation),
        ];
        for (name, rule) in rules {
            assert_eq!(Sample::named(name).rule, rule, "{name}");
        }
    }

    #[test]
    fn file_names_hold_the_sample() {
        let names = [
            ("mc_345060.ggH125_ZZ4lep.4lep.root", "ggH125_ZZ4lep"),
            ("/d/4lep/Data/data_A.4lep.root", "data_A"),
            (
                "root://host:1094//d/mc_363490.llll.4lep.root?authz=a/b",
                "llll",
            ),
            ("http://h/data_D.GamGam.root#mini", "data_D"),
            ("mc_410000.ttbar_lep.1largeRjet1lep.root", "ttbar_lep"),
            ("mc_1.a.b.2lep.root", "a.b"),
            ("what?.root", "what?"),
            ("mc_.4lep.root", "mc_"),
            ("plain.root", "plain"),
            ("no_suffix", "no_suffix"),
            ("", ""),
        ];
        for (path, name) in names {
            assert_eq!(sample_name_from_path(path), name, "{path}");
        }
    }
}
