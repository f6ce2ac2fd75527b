//! The configuration of the benchmark, loaded with config, and the memory that it takes.

#[allow(dead_code, reason = "the benchmark uses more of it")]
#[path = "../../../../crates/bench/src/case.rs"]
mod case;
#[path = "../../../../crates/bench/src/peers/config.rs"]
#[allow(dead_code, reason = "the benchmark uses more of it")]
mod loader;
#[allow(dead_code, reason = "the benchmark uses more of it")]
#[path = "../../../../crates/bench/src/phase2a.rs"]
mod phase2a;

use std::error::Error;
use std::hint::black_box;

use strata_device_memory::tell;

fn main() -> Result<(), Box<dyn Error>> {
    tell("start")?;
    let loaded = black_box(loader::load()?);
    tell("loaded")?;
    println!("batch_size {}", loaded.request_pipeline.batch_size);
    println!("end ok");
    Ok(())
}
