//! The order of levels: a module uses only modules that are declared above it.
//!
//! What is read: `use` declarations and paths in code that begin with `crate`, `super` or `self`, in macro calls too. Tests are left out.
//! A file does not use what its own folder's `mod.rs` defines or re-exports, so that a folder has no cycles either.

use crate::sources::Source;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::HashMap;
use syn::{Item, UseTree};

/// A module by its names from the crate's root.
type Module = Vec<String>;

/// Every arrow that runs back up, described.
pub(crate) fn arrows_back_up(sources: &[Source]) -> Vec<String> {
    let mut crates: HashMap<String, Vec<(Module, &Source)>> = HashMap::new();
    for source in sources {
        let path = source.path.to_string_lossy().replace('\\', "/");
        if let Some((package, file)) = path.split_once("/src/") {
            crates.entry(package.to_owned()).or_default().push((module(file), source));
        }
    }
    let mut found: Vec<String> = crates.values().flat_map(|files| arrows_of(files)).collect();
    found.sort();
    found
}

fn module(file: &str) -> Module {
    let file = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if file == "lib" || file == "main" {
        Vec::new()
    } else {
        file.split('/').map(str::to_owned).collect()
    }
}

fn arrows_of(files: &[(Module, &Source)]) -> Vec<String> {
    let mut children: HashMap<Module, Vec<String>> = HashMap::new();
    for (module, source) in files {
        let declared = source.syntax.items.iter().filter_map(|item| match item {
            Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        children.entry(module.clone()).or_default().extend(declared);
    }
    let tests = test_modules(files);
    let is_built = |module: &Module| !tests.iter().any(|test| module.starts_with(test));
    let mut found = Vec::new();
    for (module, source) in files.iter().filter(|(module, _)| is_built(module)) {
        let mut paths = Vec::new();
        source.syntax.items.iter().for_each(|item| read_item(item, &mut paths));
        for path in paths {
            let Some(target) = resolve(module, &path, &children) else { continue };
            if runs_back_up(module, &target, &children) {
                let name = path.join("::");
                found.push(format!("{}: {name} runs back up", source.path.display()));
            }
        }
    }
    found.dedup();
    found
}

/// Modules in files of their own that are compiled for tests only.
fn test_modules(files: &[(Module, &Source)]) -> Vec<Module> {
    let of = |(module, source): &(Module, &Source)| {
        let declared = source.syntax.items.iter().filter_map(|item| match item {
            Item::Mod(item) if is_test(&item.attrs) => Some(item.ident.to_string()),
            _ => None,
        });
        declared.map(|name| [module.as_slice(), &[name]].concat()).collect::<Vec<Module>>()
    };
    files.iter().flat_map(of).collect()
}

/// The module that a path leads to: its longest part that names modules.
fn resolve(
    from: &Module,
    path: &[String],
    children: &HashMap<Module, Vec<String>>,
) -> Option<Module> {
    let mut at = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => from.clone(),
        "super" => from.split_last()?.1.to_vec(),
        _ => return None,
    };
    for name in &path[1..] {
        if name == "super" {
            at.pop()?;
        } else if children.get(&at).is_some_and(|names| names.contains(name)) {
            at.push(name.clone());
        } else {
            break;
        }
    }
    Some(at)
}

fn runs_back_up(from: &Module, to: &Module, children: &HashMap<Module, Vec<String>>) -> bool {
    let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    if common == from.len() || to.is_empty() {
        // Into its own parts, or to what the crate's root re-exports (the attributes).
        return false;
    }
    if common == to.len() {
        return true;
    }
    let names = &children[&to[..common].to_vec()];
    let place = |name: &String| names.iter().position(|known| known == name);
    place(&to[common]) >= place(&from[common])
}

fn read_item(item: &Item, paths: &mut Vec<Vec<String>>) {
    match item {
        Item::Mod(item) if is_test(&item.attrs) => {}
        Item::Use(item) => read_use(&item.tree, &mut Vec::new(), paths),
        Item::Mod(item) => {
            for item in item.content.iter().flat_map(|(_, items)| items) {
                read_item(item, paths);
            }
        }
        other => read_tokens(quote(other), paths),
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

fn quote(item: &Item) -> TokenStream {
    let mut tokens = TokenStream::new();
    quote::ToTokens::to_tokens(item, &mut tokens);
    tokens
}

fn read_use(tree: &UseTree, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let mut with = |name: String| {
        let mut path = prefix.clone();
        path.push(name);
        paths.push(path);
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            read_use(&path.tree, prefix, paths);
            prefix.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                read_use(tree, prefix, paths);
            }
        }
        UseTree::Name(name) => with(name.ident.to_string()),
        UseTree::Rename(name) => with(name.ident.to_string()),
        _ => with("*".to_owned()),
    }
}

/// Finds paths such as `crate::a::b` among tokens.
fn read_tokens(tokens: TokenStream, paths: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                let name = name.to_string();
                if colons == 2 && !path.is_empty() {
                    path.push(name);
                } else {
                    end(&mut path, paths);
                    if ["crate", "super"].contains(&name.as_str()) {
                        path.push(name);
                    }
                }
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                end(&mut path, paths);
                read_tokens(group.stream(), paths);
            }
            _ => end(&mut path, paths),
        }
    }
    end(&mut path, paths);
}

fn end(path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    if path.len() > 1 {
        paths.push(std::mem::take(path));
    }
    path.clear();
}
