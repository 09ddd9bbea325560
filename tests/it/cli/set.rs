use snapbox::{IntoData, assert_data_eq, str};

use crate::support::environment::TestEnvironment;

#[test]
fn set_starts_a_file_with_the_default_profile_and_its_own() {
    let environment = TestEnvironment::new();
    let flags = ["--profile", "p", "--access-key-id", "i", "--access-key-secret", "s<>&", "--region", "r"];
    environment.succeeds(&[&["configure", "set"], flags.as_slice()].concat());
    assert_data_eq!(
        environment.config(),
        str![[r#"
{
	"current": "p",
	"profiles": [
		{
			"name": "default",
			"mode": "",
			"output_format": "json",
			"language": "en"
		},
		{
			"name": "p",
			"mode": "AK",
			"access_key_id": "i",
			"access_key_secret": "s\u003c\u003e\u0026",
			"region_id": "r",
			"output_format": "json",
			"language": "en",
			"site": "china"
		}
	],
	"meta_path": ""
}
"#]]
        .raw()
    );
}

#[test]
fn set_refuses_a_profile_without_region_and_writes_nothing() {
    let environment = TestEnvironment::new();
    environment.fails(&["configure", "set", "--access-key-id", "i"], 1, "region can't be empty");
    assert!(!environment.config_path().exists());
}

#[test]
fn set_keeps_what_it_does_not_know_in_place() {
    let environment = TestEnvironment::new();
    let profile = r#"{"name":"a","mode":"AK","access_key_id":"i","policy":"{}","access_key_secret":"s","region_id":"r","x":{"deep":[1.0,1e3]}}"#;
    environment.write_config(&format!(r#"{{"first":1,"current":"a","profiles":[{profile}],"last":null}}"#));
    environment.succeeds(&["configure", "set", "--region", "cn-beijing"]);
    assert_data_eq!(
        environment.config(),
        str![[r#"
{
	"first": 1,
	"current": "a",
	"profiles": [
		{
			"name": "a",
			"mode": "AK",
			"access_key_id": "i",
			"policy": "{}",
			"access_key_secret": "s",
			"region_id": "cn-beijing",
			"x": {"deep":[1.0,1e3]},
			"output_format": "json",
			"language": "en",
			"site": "china"
		}
	],
	"last": null,
	"meta_path": ""
}
"#]]
        .raw()
    );
}

#[test]
fn a_secret_never_stands_in_an_error() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    for flags in [
        &["--access-key-secret=hidden", "--region", "x y"] as &[&str],
        &["--access-key-secret", "hidden", "--access-key-secret", "hidden"],
        &["--access-key-secret", "hidden", "--mode", "Bogus"],
        &["--access-key-secret", "hidden", "--what"],
    ] {
        let run = environment.run(&[&["configure", "set"], flags].concat());
        assert_ne!(run.code, 0, "{flags:?}");
        assert!(!run.stderr.contains("hidden") && !run.stdout.contains("hidden"), "{}", run.stderr);
    }
}
