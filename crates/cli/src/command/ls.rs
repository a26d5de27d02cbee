//! `rootlake ls`: what a file holds.

use std::borrow::Cow;

use rootlake_io::codec::Codec;
use rootlake_io::tree::{Branch, Tree};
use rootlake_pipeline::InputFile;
use serde::{Serialize, Serializer};

use crate::table::{Align, Table, count};

/// Show what a ROOT file holds: keys, and for each tree its branches
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake ls data_A.4lep.root
  rootlake ls --json http://server/data_A.4lep.root")]
pub struct Args {
    /// A file or URL
    file: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listing {
    file: String,
    bytes: u64,
    root_version: String,
    keys: Vec<KeyListing>,
}

#[derive(Serialize)]
struct KeyListing {
    path: String,
    class: String,
    cycle: u16,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "listed")]
    tree: Option<Tree>,
}

#[derive(Serialize)]
struct TreeListing<'t> {
    entries: u64,
    branches: Vec<BranchListing<'t>>,
}

#[derive(Serialize)]
struct BranchListing<'t> {
    path: &'t str,
    #[serde(rename = "type")]
    type_name: &'t str,
    class: &'t str,
    entries: u64,
    baskets: u64,
    embedded_baskets: u64,
    stored_bytes: u64,
    expanded_bytes: u64,
    codec: String,
    /// The other file in which its baskets stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<&'t str>,
    /// How its baskets contradict each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<&'t str>,
}

/// How many characters of a type's name a table shows.
const LONGEST_TYPE: usize = 80;

/// Lists the file.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let listing = list(&args.file)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&listing)?);
    } else {
        print!("{}", render(&listing));
    }
    // The process ends here, and its memory with it: to give back what describes thousands of
    // branches piece by piece would take a tenth of the time of listing them.
    std::mem::forget(listing);
    Ok(())
}

fn list(location: &str) -> anyhow::Result<Listing> {
    let input = InputFile::open(location)?;
    let file = &input.file;
    let found = file.walk()?;
    let layouts = if found.iter().any(|(_, key)| Tree::is_tree(key)) {
        file.layouts()?
    } else {
        rootlake_io::object::Layouts::builtin()
    };
    let mut keys = Vec::new();
    for (path, key) in found {
        let tree = match Tree::is_tree(&key) {
            true => Some(Tree::read(file, &key, &layouts)?),
            false => None,
        };
        keys.push(KeyListing {
            path,
            class: key.class,
            cycle: key.cycle,
            title: key.title,
            tree,
        });
    }
    let version = file.header().version;
    Ok(Listing {
        file: file.name().to_string(),
        bytes: input.source().size(),
        root_version: format!(
            "{}.{:02}.{:02}",
            version / 10_000,
            version / 100 % 100,
            version % 100
        ),
        keys,
    })
}

fn listed<S: Serializer>(tree: &Option<Tree>, serializer: S) -> Result<S::Ok, S::Error> {
    let listing = tree.as_ref().map(|tree| TreeListing {
        entries: tree.entries,
        branches: tree.branches.iter().map(branch).collect(),
    });
    listing.serialize(serializer)
}

fn branch(branch: &Branch) -> BranchListing<'_> {
    let stored = branch
        .baskets
        .iter()
        .filter(|basket| basket.is_stored())
        .count() as u64;
    BranchListing {
        path: &branch.path,
        type_name: &branch.type_name,
        class: &branch.class,
        entries: branch.entries,
        baskets: branch.baskets.len() as u64,
        embedded_baskets: branch.baskets.len() as u64 - stored,
        stored_bytes: branch.stored_bytes,
        expanded_bytes: branch.total_bytes,
        codec: codec(branch.compression),
        elsewhere: branch.elsewhere.as_deref(),
        damage: branch.damage.as_deref(),
    }
}

/// The name and level in ROOT's number for compression settings.
fn codec(settings: i32) -> String {
    let level = settings % 100;
    let codec = match settings / 100 {
        _ if level == 0 => return Codec::None.to_string(),
        // 0 is "the default of the library", which was zlib for all of its time.
        0 | 1 => Codec::Zlib,
        2 => Codec::Lzma,
        3 => Codec::OldDeflate,
        4 => Codec::Lz4,
        5 => Codec::Zstd,
        _ => return settings.to_string(),
    };
    format!("{codec}:{level}")
}

fn render(listing: &Listing) -> String {
    let mut text = format!(
        "{}  {} bytes, ROOT {}\n",
        listing.file,
        count(listing.bytes),
        listing.root_version
    );
    let mut keys = Table::new(&[
        ("class", Align::Left),
        ("key", Align::Left),
        ("title", Align::Left),
    ]);
    for key in &listing.keys {
        keys.row([
            key.class.clone(),
            format!("{};{}", key.path, key.cycle),
            key.title.clone(),
        ]);
    }
    text += &keys.render("  ");
    for key in &listing.keys {
        if let Some(tree) = &key.tree {
            text += &format!(
                "\n{};{}: {} entries\n",
                key.path,
                key.cycle,
                count(tree.entries)
            );
            text += &render_branches(tree);
        }
    }
    text
}

fn render_branches(tree: &Tree) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        ("branch", Align::Left),
        ("type", Align::Left),
        ("baskets", right),
        ("embedded", right),
        ("stored", right),
        ("expanded", right),
        ("codec", Align::Left),
    ]);
    for branch in tree.branches.iter().map(branch) {
        table.row([
            Cow::from(branch.path),
            shortened(branch.type_name),
            count(branch.baskets).into(),
            count(branch.embedded_baskets).into(),
            count(branch.stored_bytes).into(),
            count(branch.expanded_bytes).into(),
            match (branch.damage, branch.elsewhere) {
                (Some(damage), _) => format!("DAMAGED: {damage}").into(),
                (None, Some(file)) => format!("in {file}").into(),
                (None, None) => branch.codec.into(),
            },
        ]);
    }
    table.render("  ")
}

/// A type's name as far as it leaves room for the other columns: that of many leaves names each.
fn shortened(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()).into(),
        None => name.into(),
    }
}
