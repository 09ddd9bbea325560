//! A JSON object of which some members are known, and the others are kept where they are.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// The members of an object in the order in which they are written: the known ones in the order of their keys
/// `K`, each unknown one behind the known one that it followed.
#[derive(Debug, Clone)]
pub(crate) struct OrderedObject<K, V, U = Opaque> {
    members: Vec<Member<K, V, U>>,
}

#[derive(Debug, Clone)]
enum Member<K, V, U> {
    Known(K, V),
    /// A member of another program or version, with the known one that it follows.
    Unknown {
        after: Option<K>,
        key: Box<str>,
        value: U,
    },
}

/// What sorts a member: the known key that it has or follows, and whether it is an unknown one.
type Place<K> = (Option<K>, bool);

impl<K: Copy + Ord, V, U> Member<K, V, U> {
    fn place(&self) -> Place<K> {
        match self {
            Self::Known(key, _) => (Some(*key), false),
            Self::Unknown { after, .. } => (*after, true),
        }
    }
}

impl<K, V, U> Default for OrderedObject<K, V, U> {
    fn default() -> Self {
        Self { members: Vec::new() }
    }
}

impl<K: Copy + Ord, V, U> OrderedObject<K, V, U> {
    /// Returns the value of a known member.
    pub(crate) fn get(&self, key: K) -> Option<&V> {
        match self.members.get(self.index_of(key)) {
            Some(Member::Known(known, value)) if *known == key => Some(value),
            _ => None,
        }
    }

    /// Returns the values of the known members in their order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.members.iter().filter_map(|member| match member {
            Member::Known(_, value) => Some(value),
            Member::Unknown { .. } => None,
        })
    }

    /// Returns the keys of the unknown members.
    pub(crate) fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter_map(|member| match member {
            Member::Known(..) => None,
            Member::Unknown { key, .. } => Some(&**key),
        })
    }

    /// Sets a known member.
    pub(crate) fn set(&mut self, key: K, value: V) {
        let index = self.index_of(key);
        match self.members.get_mut(index) {
            Some(Member::Known(known, old)) if *known == key => *old = value,
            _ => self.members.insert(index, Member::Known(key, value)),
        }
    }

    /// Removes a known member.
    pub(crate) fn remove(&mut self, key: K) {
        self.members.retain(|member| !matches!(member, Member::Known(known, _) if *known == key));
    }

    /// Adds an unknown member behind the known key `after`, and behind the unknown ones that stand there.
    pub(crate) fn push_unknown(&mut self, after: Option<K>, key: &str, value: U) {
        let place = (after, true);
        let index = self.index_where(|other| other <= place);
        self.members.insert(index, Member::Unknown { after, key: key.into(), value });
    }

    /// Makes room for as many more members.
    pub(crate) fn reserve(&mut self, members: usize) {
        self.members.reserve_exact(members);
    }

    /// Writes all members; `write` writes a known one, and each of the `required` ones even without a value.
    pub(crate) fn serialize<S: Serializer>(
        &self,
        serializer: S,
        required: &[K],
        write: impl Fn(&mut S::SerializeMap, K, Option<&V>) -> Result<(), S::Error>,
    ) -> Result<S::Ok, S::Error>
    where
        U: Serialize,
    {
        let mut map = serializer.serialize_map(None)?;
        let mut required = required.iter().copied().peekable();
        for member in &self.members {
            while let Some(key) = required.next_if(|key| (Some(*key), false) < member.place()) {
                write(&mut map, key, None)?;
            }
            match member {
                Member::Known(key, value) => {
                    required.next_if_eq(key);
                    write(&mut map, *key, Some(value))?;
                }
                Member::Unknown { key, value, .. } => map.serialize_entry(key, value)?,
            }
        }
        for key in required {
            write(&mut map, key, None)?;
        }
        map.end()
    }

    /// Returns where a known member stands, or belongs.
    fn index_of(&self, key: K) -> usize {
        let place = (Some(key), false);
        self.index_where(|other| other < place)
    }

    /// Returns how many members stand before a place. Files are mostly in order already, so that the end is
    /// tried first.
    fn index_where(&self, is_before: impl Fn(Place<K>) -> bool) -> usize {
        match self.members.last() {
            Some(last) if !is_before(last.place()) => {
                self.members.partition_point(|member| is_before(member.place()))
            }
            _ => self.members.len(),
        }
    }
}

/// The JSON text of an unknown value; it may be a secret, so it is never shown.
#[derive(Clone)]
pub(crate) struct Opaque(pub(crate) Box<RawValue>);

impl std::fmt::Debug for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(object: &OrderedObject<u8, u8, u8>, required: &[u8]) -> String {
        let mut out = Vec::new();
        let write = |map: &mut serde_json::ser::Compound<'_, _, _>, key: u8, value: Option<&u8>| {
            map.serialize_entry(&format!("k{key}"), &value)
        };
        object.serialize(&mut serde_json::Serializer::new(&mut out), required, write).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn known_members_are_in_their_order_and_unknown_ones_behind_what_they_followed() {
        let mut object = OrderedObject::default();
        object.push_unknown(None, "first", 0);
        object.set(3, 30);
        object.push_unknown(Some(1), "a", 1);
        object.push_unknown(Some(1), "b", 2);
        object.set(1, 10);
        assert_eq!(json(&object, &[]), r#"{"first":0,"k1":10,"a":1,"b":2,"k3":30}"#);
        assert_eq!(
            json(&object, &[1, 2, 3, 4]),
            r#"{"first":0,"k1":10,"a":1,"b":2,"k2":null,"k3":30,"k4":null}"#
        );
        object.set(3, 31);
        object.remove(1);
        assert_eq!(json(&object, &[]), r#"{"first":0,"a":1,"b":2,"k3":31}"#);
        assert_eq!((object.get(1), object.get(3), object.values().count()), (None, Some(&31), 1));
    }
}
