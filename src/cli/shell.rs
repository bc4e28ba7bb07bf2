//! `shipworthy completions` and `shipworthy man`

use std::io;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Color, Failure, PASSED, print};

#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<u8, Failure> {
    // clap_complete takes no error of a writer.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "shipworthy", &mut text);
    print(Color::Always, |out| out.write_all(&text))?;
    Ok(PASSED)
}

/// The page of the program, then those of its commands, in one text.
pub(super) fn man(mut command: Command) -> Result<u8, Failure> {
    command.build();
    let mut text = Vec::new();
    render(&command, &mut text)?;
    print(Color::Always, |out| out.write_all(&text))?;
    Ok(PASSED)
}

fn render(command: &Command, text: &mut Vec<u8>) -> io::Result<()> {
    let is_help = |command: &&Command| command.get_name() == "help";
    Man::new(command.clone()).render(text)?;
    command.get_subcommands().filter(|command| !is_help(command)).try_for_each(|command| render(command, text))
}
