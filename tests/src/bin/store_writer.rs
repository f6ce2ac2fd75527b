//! `store_writer URL COUNT`: commits so often to a store, each time on top of whatever others have committed meanwhile.

use strata_config_store::{CommitError, Draft, Timestamp, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, count] = &args[..] else { return Err("usage: store_writer URL COUNT".into()) };
    let store = open(url)?;
    for _ in 0..count.parse::<u64>()? {
        loop {
            let state = store.load()?;
            let draft = Draft::new(std::process::id().to_string(), "test", Timestamp::now());
            match store.commit(state.revision, &state.documents, draft) {
                Ok(_) => break,
                Err(CommitError::Conflict { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}
