//! Checks the direction of imports in `crate/src`. The table in `docs/architecture.md` gives each folder its role and
//! the folders that it may import; these tests check every path in the sources against the table. Native only: they
//! read files.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const TABLE: &str = "docs/architecture.md";
const HEADING: &str = "## Folders of the engine";
const SOURCES: &str = "crate/src";

/// A row of the table. A folder is written like `model/`, a file directly in `crate/src` like `json.rs`.
struct Row {
    /// The row's line number in the file of the table, from 1.
    line: usize,
    folder: String,
    role: String,
    may_import: Vec<String>,
}

/// A source file: its path below `crate/src`, and its text.
struct Source {
    path: String,
    text: String,
}

/// A path in a source that leads to a file of `crate/src`.
#[derive(Debug, PartialEq)]
struct Import {
    line: usize,
    /// The path in the source.
    written: String,
    /// The file that the path leads to, below `crate/src`.
    file: String,
    /// True for a `pub use`, which only gives a name a second path.
    re_export: bool,
}

#[test]
fn sources_import_only_what_the_table_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let table = rows(&fs::read_to_string(root.join(TABLE)).unwrap());
    let mut sources = Vec::new();
    read_sources(&root.join(SOURCES), "", &mut sources);
    assert!(sources.len() > 30, "found {} sources, expected all of {SOURCES}", sources.len());
    let faults = faults(&table, &sources);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let alone: Vec<&str> =
        sources.iter().map(|source| folder_of(&source.path)).filter(|name| !name.ends_with('/')).collect();
    assert!(alone.len() <= 6, "found {alone:?} directly in {SOURCES}, expected at most 6 files");
}

#[test]
fn a_wrong_import_is_reported_with_its_file_and_line_and_the_allowed_folders() {
    let table = "| `low/` | numbers | nothing |\n| `high/` | steps | `low/` |\n";
    for (text, line, written) in [
        ("use crate::high::Step;\n", 1, "crate::high::Step"),
        ("\nfn f() {\n    crate::high::run(1);\n}\n", 3, "crate::high::run"),
        ("use crate::{\n    low::Number,\n    high::{self, Step},\n};\n", 3, "crate::high"),
        ("#[cfg(target_arch = \"wasm32\")]\nuse super::high::Step;\n", 2, "super::high::Step"),
        ("#[cfg(test)]\nmod tests {\n    use super::super::high::*;\n}\n", 3, "super::super::high"),
        ("const LETTER: char = '\"';\nuse crate::high as other;\n", 2, "crate::high"),
    ] {
        let found = faults_of(table, &[("low/mod.rs", text), ("high/mod.rs", "use crate::low::Number;")]);
        let expected = format!(
            "crate/src/low/mod.rs:{line}: found `{written}` of high/, expected no import of another folder \
             (docs/architecture.md)"
        );
        assert!(found.contains(&expected), "{found:#?}\n{expected}");
    }
    let found = faults_of(table, &[("low/mod.rs", ""), ("high/mod.rs", "use crate::low::A;\nuse crate::Config;")]);
    let expected = "crate/src/high/mod.rs:2: found `crate::Config` of lib.rs, expected imports of low/ only \
                    (docs/architecture.md)";
    assert_eq!(found, [expected]);
}

#[test]
fn paths_in_comments_and_strings_and_paths_of_other_crates_do_not_count_as_imports() {
    let text = r##"
        //! See [`crate::high`]. /* use crate::high::A; */
        use ::high::Other;
        use std::high::Third;
        /* crate::high::a() /* nested */ crate::high::b() */
        const A: &str = "crate::high \" crate::high";
        const B: &str = r#"crate::high " crate::high"#;
        const C: char = '\'';
        pub(in crate::high) struct D;
        fn f<'a>(text: &'a str) -> char { 'a' }
        pub(crate) fn g() { self.high(); x.high::<A>(); B::high::c(); }
    "##;
    let table = "| `low/` | numbers | nothing |\n| `high/` | steps | `low/` |\n";
    let found = faults_of(table, &[("low/mod.rs", text), ("high/mod.rs", "use crate::low::Number;")]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_circle_in_the_table_is_reported() {
    let table = "| `a/` | one | `b/` |\n| `b/` | two | `c/` |\n| `c/` | three | `b/` |\n";
    let sources =
        [("a/mod.rs", "use crate::b::B;"), ("b/mod.rs", "use crate::c::C;"), ("c/mod.rs", "use crate::b::B;")];
    let found = faults_of(table, &sources);
    assert!(
        found.contains(&"docs/architecture.md: found the circle b/ -> c/ -> b/, expected none".into()),
        "{found:?}"
    );
}

#[test]
fn a_circle_between_files_of_one_folder_is_reported() {
    let table = "| `a/` | one | nothing |\n";
    let sources = [("a/mod.rs", "mod part;\nuse part::run;\n"), ("a/part.rs", "use super::Settings;\n")];
    let circle = "crate/src: found the circle a/mod.rs -> a/part.rs -> a/mod.rs, expected none";
    assert_eq!(faults_of(table, &sources), [circle]);
    // A re-export within a folder does not count as an import, because it only gives `run` a second path.
    let sources = [("a/mod.rs", "mod part;\npub use part::run;\n"), ("a/part.rs", "use super::Settings;\n")];
    assert_eq!(faults_of(table, &sources), Vec::<String>::new());
}

#[test]
fn wrong_rows_and_folders_without_a_row_are_reported() {
    let table =
        "| `a/` | one | `b/`, `old/` |\n| `b/` | | nothing |\n| `b/` | two | nothing |\n| `gone.rs` | three | `b/` |\n";
    let found = faults_of(table, &[("a/mod.rs", ""), ("b/mod.rs", ""), ("new.rs", "")]);
    assert_eq!(
        found,
        [
            "docs/architecture.md:5: found no use of b/ in crate/src/a/, expected the row to allow only what is used",
            "docs/architecture.md:5: found `old/`, expected a folder of the table",
            "docs/architecture.md:6: found no role of b/, expected it in one line",
            "docs/architecture.md:7: found a second row for b/, expected one",
            "docs/architecture.md:8: found a row for gone.rs, expected a folder or file of crate/src",
            "crate/src/new.rs: found no row, expected one in docs/architecture.md, under \"Folders of the engine\"",
        ]
    );
}

/// The messages for some sources. `table` has only rows; this function adds the heading and the table's header row.
fn faults_of(table: &str, sources: &[(&str, &str)]) -> Vec<String> {
    let table =
        format!("{HEADING}\n\n| folder | role | may import |\n|---|---|---|\n{table}\n## Next\n| `x/` | y | z |\n");
    let source = |&(path, text): &(&str, &str)| Source { path: path.into(), text: text.into() };
    faults(&rows(&table), &sources.iter().map(source).collect::<Vec<_>>())
}

/// The rows of the table under [`HEADING`].
fn rows(markdown: &str) -> Vec<Row> {
    let lines = markdown.lines().enumerate().skip_while(|(_, line)| *line != HEADING).skip(1);
    let section = lines.take_while(|(_, line)| !line.starts_with('#'));
    let rows = section.filter(|(_, line)| line.starts_with('|')).skip(2).map(|(index, line)| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, folder, role, may_import, _] = cells[..] else { panic!("{TABLE}:{}: expected three cells", index + 1) };
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(String::from).collect::<Vec<_>>();
        Row { line: index + 1, folder: names(folder).concat(), role: role.into(), may_import: names(may_import) }
    });
    rows.collect()
}

fn read_sources(directory: &Path, below: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read_sources(&entry.path(), &format!("{path}/"), sources);
        } else if path.ends_with(".rs") {
            sources.push(Source { path, text: fs::read_to_string(entry.path()).unwrap() });
        }
    }
}

/// One sentence per difference between the sources and the table, at most one about a circle of imports in the table,
/// and at most one about a circle of imports in the sources.
fn faults(table: &[Row], sources: &[Source]) -> Vec<String> {
    let modules: BTreeMap<Vec<String>, &str> =
        sources.iter().map(|source| (module_of(&source.path), source.path.as_str())).collect();
    let folders: BTreeSet<&str> = sources.iter().map(|source| folder_of(&source.path)).collect();
    let row_of = |folder: &str| table.iter().find(|row| row.folder == folder);
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    let mut files: Graph = BTreeMap::new();
    for source in sources {
        let folder = folder_of(&source.path);
        for Import { line, written, file, re_export } in imports(source, &modules) {
            let other = folder_of(&file).to_owned();
            if file != source.path && !(re_export && other == folder) {
                files.entry(source.path.clone()).or_default().insert(file);
            }
            if other == folder {
                continue;
            }
            used.insert((folder, other.clone()));
            let Some(row) = row_of(folder).filter(|row| !row.may_import.contains(&other)) else { continue };
            let expected = match row.may_import.join(", ") {
                none if none.is_empty() => "no import of another folder".into(),
                names => format!("imports of {names} only"),
            };
            let path = &source.path;
            faults
                .push(format!("{SOURCES}/{path}:{line}: found `{written}` of {other}, expected {expected} ({TABLE})"));
        }
    }
    for (index, row) in table.iter().enumerate() {
        let (line, folder) = (row.line, row.folder.as_str());
        if !folders.contains(folder) {
            faults.push(format!("{TABLE}:{line}: found a row for {folder}, expected a folder or file of {SOURCES}"));
            continue;
        }
        if table.iter().take(index).any(|earlier| earlier.folder == folder) {
            faults.push(format!("{TABLE}:{line}: found a second row for {folder}, expected one"));
        }
        if row.role.is_empty() {
            faults.push(format!("{TABLE}:{line}: found no role of {folder}, expected it in one line"));
        }
        for other in &row.may_import {
            if row_of(other).is_none() {
                faults.push(format!("{TABLE}:{line}: found `{other}`, expected a folder of the table"));
            } else if !used.contains(&(folder, other.clone())) {
                let expected = "expected the row to allow only what is used";
                faults.push(format!("{TABLE}:{line}: found no use of {other} in {SOURCES}/{folder}, {expected}"));
            }
        }
    }
    for folder in folders.iter().filter(|folder| row_of(folder).is_none()) {
        let expected = format!("expected one in {TABLE}, under {:?}", HEADING.trim_start_matches("## "));
        faults.push(format!("{SOURCES}/{folder}: found no row, {expected}"));
    }
    let allowed = table.iter().map(|row| (row.folder.clone(), row.may_import.iter().cloned().collect())).collect();
    for (place, graph) in [(TABLE, &allowed), (SOURCES, &files)] {
        if let Some(circle) = circle(graph) {
            faults.push(format!("{place}: found the circle {}, expected none", circle.join(" -> ")));
        }
    }
    faults
}

/// `model/mla.rs` is in the folder `model/`; a file directly in `crate/src` counts as a folder of its own.
fn folder_of(path: &str) -> &str {
    path.find('/').map_or(path, |slash| &path[..=slash])
}

/// The module of a file: `model/mla.rs` is `model::mla`, `model/mod.rs` is `model`, `lib.rs` is the root.
fn module_of(path: &str) -> Vec<String> {
    let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(String::from).collect();
    if path == "lib.rs" || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// A graph: for each node, the nodes to which it leads.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// A circle in a graph, with its first node repeated at the end; `None` if there is no circle.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    fn walk<'a>(graph: &'a Graph, node: &'a str, way: &mut Vec<&'a str>, done: &mut BTreeSet<&'a str>) -> bool {
        let back = way.iter().position(|&earlier| earlier == node);
        way.push(node);
        if let Some(first) = back {
            way.drain(..first);
            return true;
        }
        if !done.contains(node) && graph.get(node).into_iter().flatten().any(|next| walk(graph, next, way, done)) {
            return true;
        }
        done.insert(node);
        way.pop();
        false
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    let found = graph.keys().any(|node| walk(graph, node, &mut way, &mut done));
    found.then(|| way.into_iter().map(String::from).collect())
}

/// All paths of a source that lead to a file of `crate/src`: those that begin with `crate`, `self`, `super` or a module
/// that the source declares, in `use` lines and elsewhere, under any `cfg`.
fn imports(source: &Source, modules: &BTreeMap<Vec<String>, &str>) -> Vec<Import> {
    let tokens = tokens(&source.text);
    let token = |index: usize| tokens.get(index).map_or("", |(_, token)| token.as_str());
    // The braces that are open at the current token. For each brace: the module that it opens, or `None` if it opens no
    // module.
    let mut braces: Vec<Option<String>> = Vec::new();
    let mut imports = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let before = if index == 0 { "" } else { token(index - 1) };
        match token(index) {
            "{" => {
                let names_module = index > 1 && token(index - 2) == "mod";
                braces.push(names_module.then(|| before.to_owned()));
            }
            "}" => drop(braces.pop()),
            first
                if is_name(first)
                    && before != "::"
                    && before != "."
                    // `pub(in crate::kernel)` limits where a name is visible, and imports nothing.
                    && !(before == "in" && index > 2 && token(index - 3) == "pub")
                    && (before == "use" || token(index + 1) == "::") =>
            {
                let re_export = before == "use" && index > 1 && ["pub", ")"].contains(&token(index - 2));
                let here: Vec<String> =
                    module_of(&source.path).into_iter().chain(braces.iter().flatten().cloned()).collect();
                let mut paths = Vec::new();
                index = paths_of(&tokens, index, Vec::new(), &mut paths);
                for (line, path) in paths {
                    if let Some(file) = file_of(&path, &here, modules) {
                        imports.push(Import { line, written: path.join("::"), file, re_export });
                    }
                }
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    imports
}

/// The file that a path in the module `here` leads to; `None` if the path leads to another crate or starts with a name
/// that is no module.
fn file_of(path: &[String], here: &[String], modules: &BTreeMap<Vec<String>, &str>) -> Option<String> {
    let mut module = here.to_vec();
    let mut rest = path.iter().map(String::as_str).peekable();
    match rest.peek() {
        Some(&"crate") => module.clear(),
        Some(&"super" | &"self") => {}
        Some(&name) if modules.contains_key(&[here, &[name.to_owned()]].concat()) => {}
        _ => return None,
    }
    for name in rest {
        match name {
            "crate" | "self" => {}
            "super" => drop(module.pop()),
            name => module.push(name.into()),
        }
    }
    while !modules.contains_key(&module) {
        if module.pop().is_none() {
            return Some("lib.rs".into());
        }
    }
    modules.get(&module).map(|&file| file.to_owned())
}

/// Collects the paths of the `use` tree, or the single path, that starts at a token. Returns the index of the first
/// token after the tree or path.
fn paths_of(
    tokens: &[(usize, String)],
    mut index: usize,
    mut path: Vec<String>,
    paths: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut last_line = 0;
    while let Some((line, token)) = tokens.get(index) {
        match token.as_str() {
            "{" => {
                index += 1;
                while tokens.get(index).is_some_and(|(_, token)| token != "}") {
                    let end = paths_of(tokens, index, path.clone(), paths);
                    let comma = tokens.get(end).is_some_and(|(_, token)| token == ",");
                    index = if comma || end == index { end + 1 } else { end };
                }
                return index + 1;
            }
            name if is_name(name) => {
                last_line = *line;
                if name != "self" || path.is_empty() {
                    path.push(name.into());
                }
                index += 1;
                if tokens.get(index).is_none_or(|(_, token)| token != "::") {
                    break;
                }
                index += 1;
            }
            _ => break,
        }
    }
    if tokens.get(index).is_some_and(|(_, token)| token == "*") {
        index += 1;
    }
    if tokens.get(index).is_some_and(|(_, token)| token == "as") {
        index += 2;
    }
    paths.push((last_line, path));
    index
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The tokens of a source with their lines, from 1: names, numbers, `::` and single characters. Comments, strings,
/// character literals and lifetimes are left out.
fn tokens(text: &str) -> Vec<(usize, String)> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let name_len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let after_name = &rest[name_len..];
        let hashes = after_name.len() - after_name.trim_start_matches('#').len();
        let raw = ["r", "br", "cr"].contains(&&rest[..name_len]) && after_name[hashes..].starts_with('"');
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment_len(rest)
        } else if raw {
            let start = name_len + hashes + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            rest[start..].find(&end).map_or(rest.len(), |found| start + found + end.len())
        } else if first == '"' {
            quoted_len(rest, '"')
        } else if first == '\'' {
            let mut next = rest.chars().skip(1);
            match (next.next(), next.next()) {
                (Some('\\'), _) | (_, Some('\'')) => quoted_len(rest, '\''),
                _ => 1 + rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - 1),
            }
        } else if name_len > 0 {
            tokens.push((line, rest[..name_len].into()));
            name_len
        } else if rest.starts_with("::") {
            tokens.push((line, "::".into()));
            2
        } else {
            if !first.is_whitespace() {
                tokens.push((line, first.into()));
            }
            first.len_utf8()
        };
        line += rest[..len].matches('\n').count();
        rest = &rest[len..];
    }
    tokens
}

/// The length, quotes included, of the string or character literal at the start of a text.
fn quoted_len(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return index + 1;
        }
    }
    text.len()
}

/// The length of the `/* */` comment at the start of a text. Such a comment can contain other comments.
fn comment_len(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}
