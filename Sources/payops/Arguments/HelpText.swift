import Tabular

/// The help pages, made from the declarations of the verbs.
struct HelpText: Sendable {
  /// The verbs.
  let tree: CommandTree
  /// The console, for its colours.
  let console: Console

  /// The columns of a page.
  var width: Int { min(FilledText.width, console.width ?? FilledText.width) }

  /// Makes the page of a verb, or of the program.
  ///
  /// - Parameter path: the verbs on the way to the one meant; empty for the program
  /// - Returns: the page
  func page(for path: [any Verb]) -> String {
    guard let verb = path.last else { return overview() }
    let words = ([tree.name] + path.map(\.name)).joined(separator: " ")
    var text = "\(words) - \(verb.summary)\n"
    text += heading("Usage") + "  \(words)\(synopsis(of: verb))\n"
    if !verb.discussion.isEmpty {
      text += "\n" + FilledText.reflowed(verb.discussion, width: width)
    }
    if !verb.positionals.isEmpty {
      text += heading("Arguments")
      text += FilledText.list(
        verb.positionals.map { ($0.name, $0.help + choices($0.choices, listed: $0.help)) },
        width: width)
    }
    if !verb.subverbs.isEmpty {
      text +=
        heading("Verbs")
        + FilledText.list(verb.subverbs.map { ($0.name, $0.summary) }, width: width)
    }
    let own = verb.options
    if !own.isEmpty { text += heading("Options") + FilledText.list(own.map(entry), width: width) }
    text +=
      heading("Common options") + FilledText.list(GlobalOptions.common.map(entry), width: width)
    let connects = verb.connects || verb.subverbs.contains { $0.connects }
    if connects { text += "\nConnection options: see `\(tree.name) help connection`.\n" }
    return text
  }

  /// Makes the list of options for the page about connections.
  ///
  /// - Returns: the list
  func connectionOptions() -> String {
    FilledText.list(GlobalOptions.connection.map(entry), width: width)
  }

  private func overview() -> String {
    var text = "\(tree.name) - \(tree.summary)\n"
    text += heading("Usage") + "  \(tree.name) VERB [OPTIONS]\n"
    text +=
      heading("Verbs") + FilledText.list(tree.verbs.map { ($0.name, $0.summary) }, width: width)
    text += heading("Common options")
    text += FilledText.list(
      GlobalOptions.common.map(entry) + [("    --version", "show the version")], width: width)
    text += "\nSee `\(tree.name) VERB --help` for a verb, and `\(tree.name) help TOPIC` for the "
    text += "topics\n" + HelpTopic.allCases.map(\.rawValue).joined(separator: ", ") + ".\n"
    return text
  }

  private func synopsis(of verb: any Verb) -> String {
    var text = verb.subverbs.isEmpty ? "" : " VERB"
    for positional in verb.positionals {
      switch positional.arity {
      case .required: text += " \(positional.name)"
      case .optional: text += " [\(positional.name)]"
      case .repeated: text += " [\(positional.name)...]"
      }
    }
    return text + " [OPTIONS]"
  }

  private func entry(_ option: OptionDeclaration) -> (String, String) {
    let short = option.short.map { "-\($0), " } ?? "    "
    let value = option.placeholder.map { " \($0)" } ?? ""
    let repeats = option.isRepeatable ? " (may be repeated)" : ""
    return (
      "\(short)--\(option.name)\(value)",
      option.help + choices(option.choices, listed: option.help) + repeats
    )
  }

  /// Adds the list of choices unless the help text already names them all.
  private func choices(_ choices: [String], listed help: String) -> String {
    choices.isEmpty || choices.allSatisfy(help.contains)
      ? "" : ": " + choices.joined(separator: ", ")
  }

  private func heading(_ text: String) -> String { "\n\(console.style.bold(text + ":"))\n" }
}
