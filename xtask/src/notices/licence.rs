//! Which licences are allowed, and the texts of a package's licences.

use anyhow::{Context as _, Result, anyhow, bail};
use spdx::{Expression, Licensee, ParseMode};
use std::fs;
use std::path::Path;

/// The allowed licences, each with a phrase of its text. If a package offers several, the first one in this list applies.
const ALLOWED: [(&str, &str); 9] = [
    ("MIT", "Permission is hereby granted, free of charge, to any"),
    ("BSD-3-Clause", "Neither the name of"),
    ("BSD-2-Clause", "Redistributions in binary form must reproduce"),
    ("ISC", "Permission to use, copy, modify, and"),
    ("Zlib", "Altered source versions must be plainly marked as such"),
    ("BSL-1.0", "Boost Software License"),
    ("0BSD", "Permission to use, copy, modify, and"),
    ("Unicode-3.0", "UNICODE LICENSE V3"),
    ("Apache-2.0", "Version 2.0, January 2004"),
];
/// Vite's licence file continues with the licences of the packages inside Vite's own program.
const NOT_BUNDLED: &str = "# Licenses of bundled dependencies";

/// The licences that apply of an SPDX expression: `MIT OR Apache-2.0` gives `MIT`.
fn chosen(expression: &str) -> Result<Vec<&'static str>> {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX)
        .map_err(|error| anyhow!("`{expression}` is not an SPDX expression: {}", error.reason))?;
    let allowed: Vec<_> = ALLOWED.iter().filter_map(|(name, _)| Licensee::parse(name).ok()).collect();
    let required = parsed
        .minimized_requirements(&allowed)
        .map_err(|_| anyhow!("`{expression}` has no licence of the list in xtask/src/notices/licence.rs"))?;
    let required: Vec<_> = required.iter().map(ToString::to_string).collect();
    Ok(ALLOWED.iter().map(|(name, _)| *name).filter(|name| required.iter().any(|each| each == name)).collect())
}

/// The names of the licences that apply to the package in a folder, and their texts, followed by its notice file, if
/// the package has one.
pub(super) fn read(expression: &str, folder: &Path) -> Result<(String, String)> {
    let names = chosen(expression)?;
    let files = licence_files(folder)?;
    let mut texts: Vec<&str> = Vec::new();
    for name in &names {
        let before = texts.len();
        texts.extend(files.iter().filter(|(_, text)| is_text_of(name, text)).map(|(_, text)| text.as_str()));
        if texts.len() == before {
            bail!("{} has no file with the text of {name}", folder.display());
        }
    }
    texts.extend(files.iter().filter(|(name, _)| name.starts_with("NOTICE")).map(|(_, text)| text.as_str()));
    texts.dedup();
    Ok((names.join(", "), texts.join("\n\n")))
}

fn is_text_of(licence: &str, text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    ALLOWED.iter().any(|(name, phrase)| *name == licence && text.contains(phrase))
}

/// The licence and notice files of a folder, sorted by name; names in upper case.
fn licence_files(folder: &Path) -> Result<Vec<(String, String)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        let known = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
        if path.is_file() && known.iter().any(|start| name.starts_with(start)) {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.push((name, tidy(&text)));
        }
    }
    files.sort();
    Ok(files)
}

/// The text without carriage returns, spaces at the ends of lines, empty lines around it, and Vite's second part.
fn tidy(text: &str) -> String {
    let text = text.split(NOT_BUNDLED).next().unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_choice_the_first_allowed_licence_is_taken() {
        assert_eq!(chosen("MIT OR Apache-2.0").unwrap(), ["MIT"]);
        assert_eq!(chosen("Apache-2.0 OR MIT").unwrap(), ["MIT"]);
        assert_eq!(chosen("MIT/Apache-2.0").unwrap(), ["MIT"]);
        assert_eq!(chosen("Unlicense OR MIT").unwrap(), ["MIT"]);
        assert_eq!(chosen("(MIT OR Apache-2.0) AND Unicode-3.0").unwrap(), ["MIT", "Unicode-3.0"]);
        assert_eq!(chosen("Apache-2.0").unwrap(), ["Apache-2.0"]);
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_refused() {
        for expression in ["GPL-3.0-only", "MIT AND GPL-2.0-or-later", "MPL-2.0", "LicenseRef-own"] {
            assert!(chosen(expression).unwrap_err().to_string().contains(expression));
        }
        assert!(chosen("free for all").unwrap_err().to_string().contains("SPDX"));
        assert!(chosen("").is_err());
    }

    #[test]
    fn every_allowed_licence_is_known_to_spdx() {
        for (name, _) in ALLOWED {
            assert_eq!(chosen(name).unwrap(), [name]);
        }
    }

    #[test]
    fn the_text_is_read_from_the_file_of_the_chosen_licence() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (names, text) = read("MIT OR Apache-2.0", &root).unwrap();
        assert_eq!(names, "MIT");
        assert!(text.contains("Permission is hereby granted") && !text.contains("Apache License"), "{text}");
        assert!(read("ISC", &root).unwrap_err().to_string().contains("text of ISC"));
    }

    #[test]
    fn licences_of_packages_inside_vite_are_left_out() {
        assert_eq!(tidy("\nMIT  \r\n\r\nCopyright\r\n\r\n# Licenses of bundled dependencies\nGPL"), "MIT\n\nCopyright");
    }
}
