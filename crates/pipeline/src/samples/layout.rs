//! How the files of samples lie in a folder or on a server.

use rootlake_physics::catalogue::CatalogueSample;

/// How the files lie below a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// In the folders of the release: `4lep/MC/mc_363490.llll.4lep.root`.
    Release,
    /// Side by side.
    Flat,
}

impl Layout {
    /// The layout in which the first sample that is there at all stands below `base`; that of the
    /// release where there is none, so that errors name places of it.
    pub(super) fn of(base: &str, samples: &[&CatalogueSample]) -> Self {
        let stands =
            |layout: &Self, file: &str| rootlake_lake::open(&layout.place(base, file)).is_ok();
        samples
            .iter()
            .flat_map(|sample| &sample.files)
            .find_map(|file| {
                [Self::Release, Self::Flat]
                    .into_iter()
                    .find(|layout| stands(layout, file))
            })
            .unwrap_or(Self::Release)
    }

    /// Where a file of the release stands.
    pub(super) fn place(self, base: &str, file: &str) -> String {
        let file = match self {
            Self::Release => file,
            Self::Flat => file.rsplit('/').next().unwrap_or(file),
        };
        format!("{}/{file}", base.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use rootlake_physics::catalogue::Catalogue;

    use super::*;

    #[test]
    fn files_are_found_in_both_layouts() {
        let set = Catalogue::embedded().unwrap().analysis("HZZ").unwrap();
        let samples: Vec<_> = set.samples.iter().collect();
        let file = "4lep/MC/mc_363490.llll.4lep.root";
        for (layout, place) in [
            (Layout::Release, file),
            (Layout::Flat, "mc_363490.llll.4lep.root"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let base = format!("{}/", folder.path().display());
            assert_eq!(Layout::of(&base, &samples), Layout::Release);
            let path = folder.path().join(place);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "x").unwrap();
            assert_eq!(Layout::of(&base, &samples), layout);
            assert_eq!(layout.place(&base, file), path.to_str().unwrap());
        }
    }
}
