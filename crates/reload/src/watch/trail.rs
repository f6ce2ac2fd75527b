//! The folders in which something has to happen for a file to be another one: each folder in which a part of its path is
//! looked up through a link, the one that it is in, and the one above, where a folder is replaced by another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::subject::Reads;

/// As many links as Linux follows in a path.
const MAX_LINKS: u32 = 40;

/// Folders, none of them through a link, with the names in them that count.
pub(crate) type Folders = BTreeMap<PathBuf, Names>;

/// Which names in a folder count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Names {
    /// All: how a program saves a file is its own affair.
    All,
    /// Those of the way to a file.
    Only(BTreeSet<OsString>),
}

impl Names {
    pub(crate) fn count(&self, name: Option<&std::ffi::OsStr>) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => name.is_some_and(|name| names.contains(name)),
        }
    }
}

/// The folders of sources.
pub(crate) fn folders(sources: &[Reads]) -> Folders {
    let mut folders = Folders::new();
    for reads in sources {
        reads.files.iter().for_each(|path| follow(path, false, &mut folders));
        reads.folder.iter().for_each(|path| follow(path, true, &mut folders));
    }
    folders
}

/// Walks a path part by part, as the system does.
fn follow(path: &Path, is_folder: bool, folders: &mut Folders) {
    let Ok(path) = std::path::absolute(path) else { return };
    let parts = |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).collect::<VecDeque<_>>();
    let mut left = parts(&path);
    let mut at = PathBuf::new();
    let mut links = 0;
    while let Some(part) = left.pop_front() {
        match Path::new(&part).components().next() {
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(Component::CurDir) | None => continue,
            Some(Component::Normal(_)) => {}
            Some(Component::Prefix(_) | Component::RootDir) => {
                at.push(&part);
                continue;
            }
        }
        let next = at.join(&part);
        let kind = fs::symlink_metadata(&next).map(|metadata| metadata.file_type());
        let is_link = kind.as_ref().is_ok_and(fs::FileType::is_symlink);
        if left.is_empty() && !is_folder {
            add(folders, &at, None);
        } else if left.is_empty() || is_link {
            add(folders, &at, Some(part.clone()));
        }
        if is_link {
            links += 1;
            let Ok(target) = fs::read_link(&next) else { break };
            if links > MAX_LINKS {
                break;
            }
            parts(&target).into_iter().rev().for_each(|part| left.push_front(part));
            // An absolute target begins with a root, and pushing that starts over.
        } else if kind.is_ok_and(|kind| kind.is_dir()) {
            at = next;
        } else {
            // It ends here, or what is missing will appear here.
            add(folders, &at, Some(part));
            return;
        }
    }
    // It is a folder itself.
    add(folders, &at, None);
}

/// Adds a folder, with one name in it or all, and its own name in the folder above.
fn add(folders: &mut Folders, folder: &Path, name: Option<OsString>) {
    match (folders.entry(folder.to_owned()).or_insert_with(|| Names::Only(BTreeSet::new())), name) {
        (Names::Only(names), Some(name)) => drop(names.insert(name)),
        (names, None) => *names = Names::All,
        (Names::All, Some(_)) => {}
    }
    if let (Some(above), Some(name)) = (folder.parent(), folder.file_name()) {
        let above = folders.entry(above.to_owned()).or_insert_with(|| Names::Only(BTreeSet::new()));
        if let Names::Only(names) = above {
            names.insert(name.to_owned());
        }
    }
}
