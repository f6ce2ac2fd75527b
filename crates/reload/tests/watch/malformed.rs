//! Whatever stands in a watched file, what was right before stays in effect until something right stands there again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use strata_config::{ConfigEnum, LayeredConfig};
use strata_config_reload::{Live, SourceStatus, WatchOptions};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum Mode {
    Fast,
    Safe,
}

#[derive(LayeredConfig, Debug)]
struct Config {
    value: u32,
    ports: Vec<u16>,
    #[config(nested)]
    db: Db,
    /// The last in the file, so that nothing can be cut off unnoticed.
    mode: Mode,
}

#[derive(LayeredConfig, Debug)]
struct Db {
    host: String,
    timeout: Duration,
}

/// Longer than any machine is busy; a test that passes never waits for it.
const WAIT: Duration = Duration::from_secs(30);

/// A good file of each format.
fn good(format: &str, value: usize) -> String {
    match format {
        "toml" => format!(
            "# The service, and where it listens.\nvalue = {value}\nports = [8080, 8081]\n\n\
             db = {{ host = \"db.example\", timeout = \"30s\" }}\nmode = \"fast\""
        ),
        _ => format!(
            "{{\n  // The service, and where it listens.\n  \"value\": {value},\n  \"ports\": [8080, 8081],\n  \
             \"db\": {{ \"host\": \"db.example\", \"timeout\": \"30s\" }},\n  \"mode\": \"fast\"\n}}"
        ),
    }
}

/// Something wrong in a file's place.
struct Wrong {
    name: String,
    put: Box<dyn Fn(&Path)>,
}

fn put(name: impl Into<String>, put: impl Fn(&Path) + 'static) -> Wrong {
    Wrong { name: name.into(), put: Box::new(put) }
}

fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Wrong {
    let bytes = bytes.into();
    put(name, move |path| fs::write(path, &bytes).unwrap())
}

/// A good file, spoilt at each of its bytes.
fn spoilt(format: &str) -> Vec<Wrong> {
    let text = good(format, 1);
    let mut all = Vec::new();
    for at in 1..text.len() {
        let (before, after) = text.as_bytes().split_at(at);
        all.push(bytes(format!("{format}: cut at {at}"), before));
        all.push(bytes(format!("{format}: a NUL at {at}"), [before, b"\0", after].concat()));
        all.push(bytes(format!("{format}: no UTF-8 at {at}"), [before, b"\xff", after].concat()));
        all.push(bytes(format!("{format}: an odd byte order mark at {at}"), [before, b"\xff\xfe", after].concat()));
    }
    all
}

/// Files that are wrong as a whole.
fn odd(format: &str) -> Vec<Wrong> {
    let text = good(format, 1);
    let mut all = vec![
        bytes("empty", ""),
        bytes("only a byte order mark", "\u{feff}"),
        bytes("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        bytes("deeply nested", format!("{text}\nx = {}", "[".repeat(200_000))),
        bytes("deeply nested alone", "[".repeat(200_000)),
        bytes("a program", [0x7f, b'E', b'L', b'F', 2, 1, 1, 0]),
        put("100 MB", |path| File::create(path).unwrap().set_len(100_000_000).unwrap()),
        put("100 MB of text", {
            let text = text.clone();
            move |path| {
                // Its beginning alone is a good file, which a busy machine may read before the rest is written.
                let aside = path.with_file_name("aside");
                fs::write(&aside, [text.as_bytes(), &vec![b'#'; 100_000_000]].concat()).unwrap();
                fs::rename(aside, path).unwrap();
            }
        }),
        put("absent", |_| ()),
        put("a folder", |path| fs::create_dir(path).unwrap()),
        put("a link to itself", |path| std::os::unix::fs::symlink(path.file_name().unwrap(), path).unwrap()),
        put("a link to nothing", |path| std::os::unix::fs::symlink("nothing", path).unwrap()),
    ];
    let types = [
        ("1,", "\"many\","),
        ("1\n", "\"many\"\n"),
        ("[8080, 8081]", "8080"),
        ("8081", "80810"),
        ("\"30s\"", "\"30 parsecs\""),
        ("\"fast\"", "\"faster\""),
        ("\"db.example\"", "{}"),
    ];
    for (right, wrong) in types.into_iter().filter(|(right, _)| text.contains(right)) {
        all.push(bytes(format!("`{wrong}` for `{right}`"), text.replacen(right, wrong, 1)));
    }
    all
}

/// What is good and watched, and how long it took to come back.
struct Bench {
    live: Live<Config>,
    path: PathBuf,
    _folder: tempfile::TempDir,
    value: usize,
    recoveries: Vec<Duration>,
}

impl Bench {
    fn new(format: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("app.{format}"));
        fs::write(&path, good(format, 1)).unwrap();
        let options = WatchOptions::new().debounce(Duration::from_millis(10)).sweep(Duration::from_millis(500));
        let live = Live::of(Config::loader().file(&path)).watch(options).open().unwrap();
        Self { live, path, _folder: folder, value: 1, recoveries: Vec::new() }
    }

    fn clear(&self) {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir(&self.path).unwrap(),
            Ok(_) => fs::remove_file(&self.path).unwrap(),
            Err(_) => {}
        }
    }

    fn source(&self) -> SourceStatus {
        self.live.status().sources.swap_remove(0)
    }

    fn until(&self, name: &str, what: impl Fn() -> bool) {
        let end = Instant::now() + WAIT;
        while !what() {
            assert!(Instant::now() < end, "{name}: {:#?}", self.live.status());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// It is refused with its place, and nothing else happens.
    fn refuse(&self, wrong: &Wrong) {
        let failures = || self.live.status().statistics.failures;
        let (before, generation) = (failures(), self.live.version().generation());
        self.clear();
        (wrong.put)(&self.path);
        self.until(&wrong.name, || failures() > before);
        let source = self.source();
        assert!(!source.ok, "{} was taken", wrong.name);
        let problem = source.problem.unwrap();
        // A value that is not there has no place in the file.
        let is_missing = problem.contains("value.missing");
        assert_eq!(Path::new(&source.name), self.path);
        assert!(is_missing || problem.contains(self.path.to_str().unwrap()), "{}: {problem}", wrong.name);
        assert_eq!(self.live.version().generation(), generation, "{}", wrong.name);
        assert_eq!(self.live.get().value as usize, self.value, "{}", wrong.name);
    }

    /// A good file is in effect again.
    fn recover(&mut self) {
        self.value += 1;
        self.clear();
        let format = self.path.extension().unwrap().to_str().unwrap().to_owned();
        fs::write(&self.path, good(&format, self.value)).unwrap();
        let saved = Instant::now();
        self.until("a good file", || self.live.get().value as usize == self.value);
        self.recoveries.push(saved.elapsed());
        assert!(self.source().ok);
    }
}

#[test]
fn whatever_is_wrong_with_a_file_it_is_refused_and_a_good_one_taken_after_it() {
    let mut bench = Bench::new("toml");
    for wrong in odd("toml").iter().chain(spoilt("toml").iter().step_by(97)) {
        bench.refuse(wrong);
        bench.recover();
    }
}

#[test]
#[ignore = "two minutes: a thousand malformed files, with figures"]
fn a_thousand_malformed_files_are_refused() {
    let mut count = 0;
    for format in ["toml", "json"] {
        let mut bench = Bench::new(format);
        for wrong in &odd(format) {
            bench.refuse(wrong);
            count += 1;
            bench.recover();
        }
        // Without a good one in between, each is refused for itself.
        for some in spoilt(format).chunks(20) {
            some.iter().for_each(|wrong| bench.refuse(wrong));
            count += some.len();
            bench.recover();
        }
        bench.recoveries.sort_unstable();
        let recoveries = &bench.recoveries;
        let [p50, most] = [recoveries[recoveries.len() / 2], recoveries[recoveries.len() - 1]];
        println!("{format}: recovery p50 {} ms, most {} ms", p50.as_millis(), most.as_millis());
    }
    println!("{count} malformed files refused");
    assert!(count >= 1000, "{count}");
}
