import Tabular

/// `payops completions SHELL`: a completion script for a shell.
struct CompletionsCommand: Verb {
  static let shell = Positional(
    name: "SHELL", help: "the shell", choices: ["bash", "zsh", "fish"])

  let name = "completions"
  let summary = "print a completion script for a shell"
  let discussion = """
    Prints a script that completes verbs, options and their values:

      bash   source <(payops completions bash)
      zsh    payops completions zsh > ~/.zfunc/_payops    (a directory of $fpath)
      fish   payops completions fish > ~/.config/fish/completions/payops.fish
    """
  let positionals = [shell]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let script = CompletionScript(tree: invocation.tree)
    switch try invocation.required(Self.shell) {
    case "bash": try invocation.console.write(script.bash)
    case "zsh": try invocation.console.write(script.zsh)
    default: try invocation.console.write(script.fish)
    }
    return .ok
  }
}
