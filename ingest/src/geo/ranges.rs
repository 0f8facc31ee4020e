//! Ranges of addresses and what holds for each, in little memory, found by binary search.
//!
//! Every source of place data becomes such ranges when it is loaded: a lookup is then the same few
//! comparisons whatever the file was, no file is read while requests wait, and neighbours that say the
//! same are one range.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Two ranges of one source claim the same address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("ranges overlap at {0}")]
pub struct Overlap(IpAddr);

/// An address as a number that ranges are made of.
pub(crate) trait Bits: Copy + Ord {
    /// The greatest number.
    const LAST: Self;
    /// The number behind it, if there is one.
    fn next(self) -> Option<Self>;
    /// The number before it; of 0 itself.
    fn previous(self) -> Self;
    /// Where the rows of an address are looked for, if tables of this family are divided.
    fn bucket(self) -> Option<usize>;
    /// The same as an address.
    fn address(self) -> IpAddr;
}

/// The first halves of IPv4 addresses.
const BUCKETS: usize = 1 << 16;

impl Bits for u32 {
    const LAST: Self = Self::MAX;

    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }

    fn previous(self) -> Self {
        self.saturating_sub(1)
    }

    fn bucket(self) -> Option<usize> {
        Some((self >> 16) as usize)
    }

    fn address(self) -> IpAddr {
        Ipv4Addr::from_bits(self).into()
    }
}

/// A few blocks of IPv6 hold everything: an index by leading bits would divide nothing.
impl Bits for u128 {
    const LAST: Self = Self::MAX;

    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }

    fn previous(self) -> Self {
        self.saturating_sub(1)
    }

    fn bucket(self) -> Option<usize> {
        None
    }

    fn address(self) -> IpAddr {
        Ipv6Addr::from_bits(self).into()
    }
}

/// One range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row<K, V> {
    pub(crate) start: K,
    pub(crate) end: K,
    pub(crate) value: V,
}

impl<K: Bits, V> Row<K, V> {
    /// Whether `key` is in the row or right behind it.
    fn reaches(&self, key: K) -> bool {
        key <= self.end || self.end.next() == Some(key)
    }
}

/// Ranges of one family. A row lies in one line of the cache, or two: most lookups find neither there.
struct Table<K, V> {
    rows: Box<[Row<K, V>]>,
    /// For each bucket, and one past them, the first row that ends in it or later; empty if undivided.
    index: Box<[u32]>,
}

impl<K: Bits, V: Copy + PartialEq> Table<K, V> {
    fn new(mut rows: Vec<Row<K, V>>) -> Result<Self, Overlap> {
        if !rows.is_sorted_by_key(|row| row.start) {
            rows.sort_by_key(|row| row.start);
        }
        let rows = joined(rows)?;
        Ok(Self {
            index: index(&rows),
            rows: rows.into(),
        })
    }

    /// The first row that ends at `key` or later.
    fn from(&self, key: K) -> Option<&Row<K, V>> {
        let (low, high) = match key.bucket() {
            Some(bucket) if !self.index.is_empty() => {
                (self.index[bucket] as usize, self.index[bucket + 1] as usize)
            }
            _ => (0, self.rows.len()),
        };
        let behind = self.rows[low..high].partition_point(|row| row.end < key);
        self.rows.get(low + behind)
    }

    fn at(&self, key: K) -> Option<V> {
        let row = self.from(key)?;
        (row.start <= key).then_some(row.value)
    }

    fn first_within(&self, first: K, last: K) -> Option<V> {
        let row = self.from(first)?;
        (row.start <= last).then_some(row.value)
    }

    fn map<W>(self, value: &mut impl FnMut(V) -> W) -> Table<K, W> {
        let mapped = |Row {
                          start,
                          end,
                          value: old,
                      }| Row {
            start,
            end,
            value: value(old),
        };
        Table {
            rows: self.rows.into_iter().map(mapped).collect(),
            index: self.index,
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row<K, V>> {
        self.rows.iter().copied()
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.rows) + size_of_val(&*self.index)
    }
}

/// Of so many rows one may contradict another: routes change while they are collected.
const ROWS_A_CONTRADICTION: usize = 1000;

/// Joins neighbours that say the same. Rows come in order of their starts. Where a few contradict each
/// other the one that begins later holds, and what is behind the beginning of the earlier is given up.
fn joined<K: Bits, V: PartialEq>(rows: Vec<Row<K, V>>) -> Result<Vec<Row<K, V>>, Overlap> {
    let mut left = rows.len() / ROWS_A_CONTRADICTION;
    let mut joined: Vec<Row<K, V>> = Vec::with_capacity(rows.len());
    for row in rows {
        match joined.last_mut() {
            Some(last) if row.value == last.value && last.reaches(row.start) => {
                last.end = last.end.max(row.end);
            }
            Some(last) if row.start <= last.end => {
                let overlap = || Overlap(row.start.address());
                left = left.checked_sub(1).ok_or_else(overlap)?;
                if last.start == row.start {
                    *last = row;
                } else {
                    last.end = row.start.previous();
                    joined.push(row);
                }
            }
            _ => joined.push(row),
        }
    }
    joined.shrink_to_fit();
    Ok(joined)
}

fn index<K: Bits, V>(rows: &[Row<K, V>]) -> Box<[u32]> {
    let Some(first) = rows.first() else {
        return Box::default();
    };
    if first.end.bucket().is_none() {
        return Box::default();
    }
    let mut index = Vec::with_capacity(BUCKETS + 1);
    for (at, row) in rows.iter().enumerate() {
        let bucket = row.end.bucket().unwrap_or_default();
        while index.len() <= bucket {
            index.push(at as u32);
        }
    }
    index.resize(BUCKETS + 1, rows.len() as u32);
    index.into()
}

/// Rows of both families, in any order, before they are searched.
#[derive(Debug)]
pub(crate) struct Rows<V> {
    pub(crate) v4: Vec<Row<u32, V>>,
    pub(crate) v6: Vec<Row<u128, V>>,
}

impl<V> Default for Rows<V> {
    fn default() -> Self {
        Self {
            v4: Vec::new(),
            v6: Vec::new(),
        }
    }
}

impl<V> Rows<V> {
    pub(crate) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a range; nothing where the ends are of two families or the wrong way round.
    #[must_use]
    pub(crate) fn add(&mut self, first: IpAddr, last: IpAddr, value: V) -> bool {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
                let (start, end) = (first.to_bits(), last.to_bits());
                self.v4.push(Row { start, end, value });
            }
            (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
                let (start, end) = (first.to_bits(), last.to_bits());
                self.v6.push(Row { start, end, value });
            }
            _ => return false,
        }
        true
    }

    pub(crate) fn add_network(&mut self, network: IpNet, value: V) {
        let ends_in_order = self.add(network.network(), network.broadcast(), value);
        debug_assert!(
            ends_in_order,
            "a network's first address is not after its last"
        );
    }
}

/// Ranges of both families, ready to be searched.
pub(crate) struct Ranges<V> {
    v4: Table<u32, V>,
    v6: Table<u128, V>,
}

impl<V: Copy + PartialEq> Default for Ranges<V> {
    fn default() -> Self {
        Self::new(Rows::default()).expect("nothing overlaps nothing")
    }
}

impl<V: Copy + PartialEq> Ranges<V> {
    /// Orders the rows and joins neighbours that say the same; rows that contradict each other are an error.
    pub(crate) fn new(rows: Rows<V>) -> Result<Self, Overlap> {
        Ok(Self {
            v4: Table::new(rows.v4)?,
            v6: Table::new(rows.v6)?,
        })
    }

    /// What holds for one address.
    pub(crate) fn at(&self, address: IpAddr) -> Option<V> {
        match address {
            IpAddr::V4(v4) => self.v4.at(v4.to_bits()),
            IpAddr::V6(v6) => self.v6.at(v6.to_bits()),
        }
    }

    /// What holds for a network's first address, or else for the first of its parts that is known.
    pub(crate) fn first_within(&self, network: IpNet) -> Option<V> {
        match network {
            IpNet::V4(v4) => {
                let (first, last) = (v4.network().to_bits(), v4.broadcast().to_bits());
                self.v4.first_within(first, last)
            }
            IpNet::V6(v6) => {
                let (first, last) = (v6.network().to_bits(), v6.broadcast().to_bits());
                self.v6.first_within(first, last)
            }
        }
    }

    /// The same ranges with other values. Neighbours stay apart even if they come to say the same.
    pub(crate) fn map<W>(self, mut value: impl FnMut(V) -> W) -> Ranges<W> {
        Ranges {
            v4: self.v4.map(&mut value),
            v6: self.v6.map(&mut value),
        }
    }

    /// The IPv4 ranges in order.
    pub(crate) fn v4(&self) -> impl Iterator<Item = Row<u32, V>> {
        self.v4.rows()
    }

    /// How many ranges there are.
    pub(crate) fn len(&self) -> usize {
        self.v4.rows.len() + self.v6.rows.len()
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that the ranges take.
    pub(crate) fn bytes(&self) -> usize {
        self.v4.bytes() + self.v6.bytes()
    }
}

#[cfg(test)]
mod tests;
