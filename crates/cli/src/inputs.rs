//! The inputs a person names: files, URLs, patterns, folders, and lists in files.

use std::path::Path;

use anyhow::{Context, bail};

/// All inputs that `named` means, in order: `@list` is a file with one name in each line (empty
/// ones and those that begin with # aside), a folder all `.root` files in it by name, a pattern
/// with `*`, `?` or `[` the files that fit.
///
/// # Errors
/// When a list or folder cannot be read, or nothing fits.
pub fn expand(named: &[String]) -> anyhow::Result<Vec<String>> {
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
                bail!("no .root file is in {name}");
            }
        } else if name.contains(['*', '?', '[']) && !Path::new(name).exists() {
            let before = names.len();
            for path in glob::glob(name).with_context(|| format!("pattern {name}"))? {
                names.push(path?.to_string_lossy().into_owned());
            }
            if names.len() == before {
                bail!("no file fits {name}");
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
pub fn listed(named: &[String]) -> anyhow::Result<Vec<String>> {
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
pub fn lines(list: &str) -> anyhow::Result<Vec<String>> {
    let text =
        std::fs::read_to_string(list).with_context(|| format!("cannot read the list {list}"))?;
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

fn folder(name: &str) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = std::fs::read_dir(name).with_context(|| format!("cannot read {name}"))?;
    for entry in entries {
        let path = entry?.path();
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
