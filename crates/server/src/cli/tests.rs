//! Arguments that the command line accepts and refuses.

use clap::CommandFactory;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split(' '))
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_nothing_is_chosen_and_serve_is_meant() {
    assert!(parse("selfsame").unwrap().command.is_none());
}

#[test]
fn a_user_is_created_from_flags() {
    let line = "selfsame user create --email a@example.com --password-stdin --verified --given-name Ada";
    let Some(Command::User(UserCommand::Create(create))) = parse(line).unwrap().command else { panic!() };
    assert_eq!((create.email.as_str(), create.given_name.as_deref()), ("a@example.com", Some("Ada")));
    assert!(create.password_stdin && create.verified && !create.json);
}

#[test]
fn a_password_is_not_taken_from_the_command_line() {
    assert!(parse("selfsame user create --email a@example.com --password hunter2").is_err());
}

#[test]
fn a_page_of_users_has_a_limit_and_begins_after_an_id() {
    let Some(Command::User(UserCommand::List(list))) = parse("selfsame user list --after 42").unwrap().command else {
        panic!()
    };
    assert_eq!((list.limit, list.after), (50, Some("42".parse().unwrap())));
}

#[test]
fn wrong_usage_exits_with_two() {
    for line in [
        "selfsame frobnicate",
        "selfsame user create",
        "selfsame mail test",
        "selfsame sms test",
        "selfsame user show",
        "selfsame user delete",
        "selfsame user reset-factors --passkeys",
        "selfsame user set-password ada@example.com hunter2",
        "selfsame user list --limit 0",
        "selfsame user list --limit 1001",
        "selfsame user list --after ada",
        "selfsame outbox requeue",
        "selfsame outbox requeue 1 --all-dead",
        "selfsame outbox drop",
    ] {
        assert_eq!(parse(line).unwrap_err().exit_code(), Exit::Usage as i32, "{line}");
    }
}

#[test]
fn every_command_says_what_it_does() {
    fn walk(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        command.get_arguments().for_each(|arg| assert!(arg.get_help().is_some(), "{}", arg.get_id()));
        command.get_subcommands().for_each(walk);
    }
    walk(&Cli::command());
}
