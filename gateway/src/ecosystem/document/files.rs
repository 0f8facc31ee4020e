//! Where the files of a document are: thousands that are listed whenever it is read, of which few are looked up.

use std::sync::OnceLock;

use super::address::Address;

/// Addresses of files by their names here. Put in order when one is looked up first.
#[derive(Debug, Default)]
pub(crate) struct Files {
    listed: Vec<File>,
    /// Places in the list, sorted by name; of those with one name, the last listed is last.
    order: OnceLock<Box<[u32]>>,
}

#[derive(Debug)]
struct File {
    /// Where it is not what the address ends in.
    name: Option<Box<str>>,
    address: Address,
}

impl File {
    fn name(&self) -> &str {
        let name = self.name.as_deref();
        name.unwrap_or_else(|| self.address.file_name())
    }
}

impl Files {
    /// Lists a file; of two with one name, the later one counts.
    pub(crate) fn insert(&mut self, name: &str, address: Address) {
        let name = (name != address.file_name()).then(|| name.into());
        self.push(File { name, address });
    }

    /// Lists a file under the name that its address ends in.
    pub(crate) fn insert_as_named(&mut self, address: Address) {
        self.push(File {
            name: None,
            address,
        });
    }

    fn push(&mut self, file: File) {
        self.order.take();
        self.listed.push(file);
    }

    /// The address of the file called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Address> {
        let order = self.order.get_or_init(|| self.ordered());
        let file = |&at: &u32| &self.listed[at as usize];
        let behind = order.partition_point(|at| file(at).name() <= name);
        let last = file(order[..behind].last()?);
        (last.name() == name).then_some(&last.address)
    }

    fn ordered(&self) -> Box<[u32]> {
        // A document is bounded, and far below so many files.
        let count = u32::try_from(self.listed.len()).unwrap_or(u32::MAX);
        let mut order: Box<[u32]> = (0..count).collect();
        order.sort_by_key(|&at| self.listed[at as usize].name());
        order
    }

    /// How many are listed.
    pub(crate) fn len(&self) -> usize {
        self.listed.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// All that are listed, in their order.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Address)> {
        self.listed.iter().map(|file| (file.name(), &file.address))
    }
}

impl Extend<(String, Address)> for Files {
    fn extend<I: IntoIterator<Item = (String, Address)>>(&mut self, files: I) {
        for (name, address) in files {
            self.insert(&name, address);
        }
    }
}

impl FromIterator<(String, Address)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, Address)>>(files: I) -> Self {
        let mut listed = Self::default();
        listed.extend(files);
        listed
    }
}

#[cfg(test)]
impl std::ops::Index<&str> for Files {
    type Output = Address;

    fn index(&self, name: &str) -> &Address {
        self.get(name).expect("a file of this name")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::address::Reader;
    use super::*;

    proptest! {
        #[test]
        fn a_file_is_where_its_name_was_listed_last(
            listed in prop::collection::vec(("[ab]{0,2}", "[abc]{0,2}"), 0..12),
            later in "[ab]{0,2}",
        ) {
            let mut reader = Reader::default();
            let mut address = |end: &str| reader.read(&format!("https://a.test/x/{end}")).expect("an address");
            let (mut files, mut known) = (Files::default(), HashMap::new());
            for (name, end) in &listed {
                files.insert(name, address(end));
                known.insert(name.as_str(), address(end));
            }
            for name in ["", "a", "b", "aa", "ab", "ba", "bb", "c"] {
                prop_assert_eq!(files.get(name), known.get(name), "{}", name);
            }
            files.insert_as_named(address(&later));
            prop_assert_eq!(files.get(&later), Some(&address(&later)));
            prop_assert_eq!(files.len(), listed.len() + 1);
        }
    }
}
