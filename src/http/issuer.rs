//! Who issued a certificate, for people to read. webpki takes certificates apart, but leaves the issuer's name in DER.

use rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

use crate::host::plain;

/// The types in a name, in DER, by how well they name an authority: common name, organisational unit, organisation.
const NAMES: [&[u8]; 3] = [&[0x55, 4, 3], &[0x55, 4, 11], &[0x55, 4, 10]];

/// The most characters of a name that are shown.
const LONGEST: usize = 64;

const OID: u8 = 0x06;
const UTF16: u8 = 0x1e;

/// Returns the name of the authority that issued a certificate, fit for one line of a terminal; `None` where the
/// certificate or the name cannot be read.
pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<String> {
    shown(EndEntityCert::try_from(certificate).ok()?.issuer())
}

/// Returns the best name of those in a sequence of sets of attributes (RFC 5280, section 4.1.2.4).
fn shown(issuer: &[u8]) -> Option<String> {
    let attributes: Vec<_> =
        Elements(issuer).flat_map(|(_, set)| Elements(set)).filter_map(|(_, pair)| attribute(pair)).collect();
    let text =
        NAMES.iter().find_map(|name| attributes.iter().find(|(oid, _)| oid == name))?.1.replace('\n', " ");
    let text: String = plain(text.trim()).chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// Returns the type and the text of an attribute.
fn attribute(pair: &[u8]) -> Option<(&[u8], String)> {
    let mut parts = Elements(pair);
    let (_, oid) = parts.next().filter(|(tag, _)| *tag == OID)?;
    let (tag, text) = parts.next()?;
    let text = match tag {
        UTF16 => char::decode_utf16(
            text.chunks_exact(2).filter_map(|unit| Some(u16::from_be_bytes(unit.try_into().ok()?))),
        )
        .collect::<Result<_, _>>()
        .ok()?,
        _ => String::from_utf8(text.to_vec()).ok()?,
    };
    Some((oid, text))
}

/// The elements of DER, one behind the other, as tag and contents; they end at the first that is none.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let [tag, length, rest @ ..] = self.0 else { return None };
        let (length, rest) = match length {
            0..=0x7f => (usize::from(*length), rest),
            // Longer names than these two forms of length allow are not shown.
            0x81 => rest.split_first().map(|(low, rest)| (usize::from(*low), rest))?,
            0x82 => {
                let (length, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            _ => return None,
        };
        let (contents, behind) = rest.split_at_checked(length)?;
        self.0 = behind;
        Some((*tag, contents))
    }
}

#[cfg(test)]
mod tests {
    use fake_cloud::{FakeCloud, Listeners};
    use proptest::prelude::*;
    use rustls::pki_types::pem::PemObject;

    use super::*;

    /// Returns an element of DER.
    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        let [high, low] = u16::try_from(contents.len()).unwrap().to_be_bytes();
        let length = match (high, low) {
            (0, 0..0x80) => vec![low],
            (0, _) => vec![0x81, low],
            _ => vec![0x82, high, low],
        };
        [vec![tag], length, contents.to_vec()].concat()
    }

    /// Returns a set of one attribute, the last byte of whose type is given.
    fn name(kind: u8, tag: u8, text: &[u8]) -> Vec<u8> {
        element(0x31, &element(0x30, &[element(OID, &[0x55, 4, kind]), element(tag, text)].concat()))
    }

    #[test]
    fn a_certificate_names_its_issuer() {
        let cloud = FakeCloud::start(Listeners::default()).unwrap();
        let authority = CertificateDer::from_pem_slice(cloud.ca_pem().as_bytes()).unwrap();
        assert_eq!(of(&authority).unwrap(), "fake cloud CA");
        assert_eq!(of(&CertificateDer::from_slice(b"0\x82")), None);
    }

    #[test]
    fn the_common_name_counts_before_unit_and_organisation() {
        let (country, organisation) = (name(6, 0x13, b"CN"), name(10, 0x0c, "公司".as_bytes()));
        let (unit, common) = (name(11, 0x13, b"Security"), name(3, 0x13, b"Root"));
        assert_eq!(shown(&[&country[..], &organisation, &unit, &common].concat()).unwrap(), "Root");
        assert_eq!(shown(&[&country[..], &organisation, &unit].concat()).unwrap(), "Security");
        assert_eq!(shown(&[&country[..], &organisation].concat()).unwrap(), "公司");
        assert_eq!(shown(&country), None);
        assert_eq!(shown(&name(3, UTF16, &[0x51, 0x6c, 0x53, 0xf8])).unwrap(), "公司");
    }

    #[test]
    fn a_name_is_one_short_line_that_no_terminal_obeys() {
        assert_eq!(shown(&name(3, 0x0c, b"a\n  rm\x1b[2J")).unwrap(), r"a   rm\x1b[2J");
        for length in [65, 200, 4000] {
            assert_eq!(shown(&name(3, 0x0c, &vec![b'x'; length])).unwrap(), "x".repeat(LONGEST));
        }
        assert_eq!(shown(&name(3, 0x0c, b" ")), None);
        assert_eq!(shown(&name(3, 0x0c, b"\xff")), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..64), cut in 0..40_usize) {
            shown(&bytes);
            of(&CertificateDer::from_slice(&bytes));
            let whole = name(3, 0x0c, b"an authority of some length");
            shown(whole.get(..cut).unwrap_or(&whole));
        }
    }
}
