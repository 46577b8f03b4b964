import PayopsCore
import Tabular

/// `payops help [WORD...]`: the help of a verb or a topic.
struct HelpCommand: Verb {
  static let words = Positional(
    name: "WORD", help: "a verb (and its sub-verb), or a topic", arity: .repeated)

  let name = "help"
  let summary = "show help for a verb or a topic"
  let discussion = """
    Without a word: the list of verbs. With --json: all verbs, arguments and
    options as JSON, for tools.

    Topics: connection, exit-codes, output.
    """
  let positionals = [words]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let words = invocation.all(Self.words)
    let help = HelpText(tree: invocation.tree, console: invocation.console)
    if invocation.console.isJSON {
      try invocation.console.write(invocation.tree.json.lines)
    } else if words.count == 1, let topic = HelpTopic(rawValue: words[0]) {
      try invocation.console.write(topic.page(help))
    } else if let path = invocation.tree.find(words) {
      try invocation.console.write(help.page(for: path))
    } else {
      let known = invocation.tree.verbs.map(\.name) + HelpTopic.allCases.map(\.rawValue)
      throw Fault.usage(
        "no help for '\(words.joined(separator: " "))'",
        hint: nearestWord(to: words[0], among: known).map { "did you mean \($0)?" }
          ?? "see `payops help`")
    }
    return .ok
  }
}

extension CommandTree {
  /// The declarations as JSON.
  fileprivate var json: JSON {
    .pairs([
      "name": .string(name), "version": .string(Version.current),
      "verbs": .array(verbs.map(Self.json)),
      "connection_options": .array(GlobalOptions.connection.map(Self.json)),
      "common_options": .array(GlobalOptions.common.map(Self.json)),
    ])
  }

  private static func json(_ verb: any Verb) -> JSON {
    .pairs([
      "name": .string(verb.name), "summary": .string(verb.summary),
      "connects": .bool(verb.connects),
      "arguments": .array(verb.positionals.map { .string($0.name) }),
      "options": .array(verb.options.map(json)), "verbs": .array(verb.subverbs.map(json)),
    ])
  }

  private static func json(_ option: OptionDeclaration) -> JSON {
    .pairs([
      "name": .string(option.name),
      "short": option.short.map { .string(String($0)) } ?? .null,
      "value": option.placeholder.map(JSON.string) ?? .null, "help": .string(option.help),
      "choices": .array(option.choices.map(JSON.string)),
      "repeatable": .bool(option.isRepeatable),
    ])
  }
}
