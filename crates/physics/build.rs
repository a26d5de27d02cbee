//! Turns the tables of facts into JSON when the program is built: reading TOML would take a
//! millisecond of every call.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    for table in ["samples", "plots"] {
        let source = format!("{table}.toml");
        println!("cargo::rerun-if-changed={source}");
        let facts: serde_json::Value = toml::from_str(&fs::read_to_string(source)?)?;
        fs::write(folder.join(format!("{table}.json")), facts.to_string())?;
    }
    Ok(())
}
