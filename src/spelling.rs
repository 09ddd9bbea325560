//! How near names are to a mistyped one.

/// The largest distance at which a name looks alike.
const REACH: usize = 2;

/// Returns the names nearest to a mistyped one.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<_> = names.collect();
    let distances: Vec<_> = names.iter().map(|other| distance(name, other)).collect();
    let mut nearest: Vec<_> = nearest_at(&distances).filter_map(|at| names.get(at).copied()).collect();
    nearest.dedup();
    nearest.into_iter().map(str::to_owned).collect()
}

/// Returns the name that is most likely meant by a mistyped one, with which it has letters in common.
pub(crate) fn alike<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    nearest(name, names).into_iter().find(|near| distance(name, near) < length)
}

/// Returns how many letters are to be put in or taken out to make one name of the other.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<_> = other.chars().collect();
    // The distances of what is read of the one name to every beginning of the other.
    let mut row: Vec<_> = (0..=other.len()).collect();
    for (read, letter) in (1..).zip(one.chars()) {
        let mut next = vec![read];
        for ((pair, expected), left) in row.windows(2).zip(&other).zip(read..) {
            let &[diagonal, above] = pair else { continue };
            let last = next.last().copied().unwrap_or(left);
            next.push(if letter == *expected { diagonal } else { above.min(last) + 1 });
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Returns the places of the smallest distances within reach.
pub(crate) fn nearest_at(distances: &[usize]) -> impl Iterator<Item = usize> {
    let least = distances.iter().copied().min().filter(|least| *least <= REACH);
    let places = distances.iter().enumerate();
    places.filter(move |(_, distance)| Some(**distance) == least).map(|(at, _)| at)
}
