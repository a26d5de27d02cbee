//! The inputs a person names: files, URLs, patterns, folders, and lists in files.

use std::path::Path;

/// Inputs that are named and cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    /// A list or folder cannot be read.
    #[error("cannot read the {what} {name}: {cause}")]
    Unreadable {
        /// Which of the two.
        what: &'static str,
        /// Its name.
        name: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A pattern is none.
    #[error("pattern {0}: {1}")]
    Pattern(String, glob::PatternError),
    /// No file fits a pattern.
    #[error("no file fits {0}")]
    NothingFits(String),
    /// A folder holds no such files.
    #[error("no .root file is in {0}")]
    NothingIn(String),
}

/// All inputs that `named` means, in order: `@list` is a file with one name in each line (empty
/// ones and those that begin with # aside), a folder all `.root` files in it by name, a pattern
/// with `*`, `?` or `[` the files that fit.
///
/// # Errors
/// When a list or folder cannot be read, or nothing fits.
pub fn expand(named: &[String]) -> Result<Vec<String>, Missing> {
    let mut names = Vec::new();
    for name in named {
        if let Some(list) = name.strip_prefix('@') {
            names.extend(lines(list)?);
        } else if name.contains("://") {
            names.push(name.clone());
        } else if Path::new(name).is_dir() {
            let before = names.len();
            names.extend(folder(name)?);
            if names.len() == before {
                return Err(Missing::NothingIn(name.clone()));
            }
        } else if name.contains(['*', '?', '[']) && !Path::new(name).exists() {
            let before = names.len();
            let paths = glob::glob(name);
            for path in paths.map_err(|cause| Missing::Pattern(name.clone(), cause))? {
                let path = path.map_err(|error| {
                    let folder = error.path().to_string_lossy().into_owned();
                    unreadable("folder", &folder)(error.into())
                })?;
                names.push(path.to_string_lossy().into_owned());
            }
            if names.len() == before {
                return Err(Missing::NothingFits(name.clone()));
            }
        } else {
            names.push(name.clone());
        }
    }
    Ok(names)
}

/// All inputs that `named` means to ROOT's `hadd`: names as they are, and `@list`.
///
/// # Errors
/// When a list cannot be read.
pub fn listed(named: &[String]) -> Result<Vec<String>, Missing> {
    let mut names = Vec::new();
    for name in named {
        match name.strip_prefix('@') {
            Some(list) => names.extend(lines(list)?),
            None => names.push(name.clone()),
        }
    }
    Ok(names)
}

/// The lines of a list, but for empty ones and those that begin with #.
///
/// # Errors
/// When it cannot be read.
pub fn lines(list: &str) -> Result<Vec<String>, Missing> {
    let text = std::fs::read_to_string(list).map_err(unreadable("list", list))?;
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

fn unreadable(what: &'static str, name: &str) -> impl Fn(std::io::Error) -> Missing {
    move |cause| Missing::Unreadable {
        what,
        name: name.to_owned(),
        cause,
    }
}

fn folder(name: &str) -> Result<Vec<String>, Missing> {
    let mut names = Vec::new();
    let failed = unreadable("folder", name);
    for entry in std::fs::read_dir(name).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "root")
        {
            names.push(path.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
