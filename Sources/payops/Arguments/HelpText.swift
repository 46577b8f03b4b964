import Tabular

/// The help pages, made from the declarations of the verbs.
struct HelpText: Sendable {
  /// The verbs.
  let tree: CommandTree
  /// The console, for its colours.
  let console: Console

  private static let width = 80

  /// Makes the page of a verb, or of the program.
  ///
  /// - Parameter path: the verbs on the way to the one meant; empty for the program
  /// - Returns: the page
  func page(for path: [any Verb]) -> String {
    guard let verb = path.last else { return overview() }
    let words = ([tree.name] + path.map(\.name)).joined(separator: " ")
    var text = "\(words) - \(verb.summary)\n"
    text += heading("Usage") + "  \(words)\(synopsis(of: verb))\n"
    if !verb.discussion.isEmpty { text += "\n" + reflowed(verb.discussion) }
    if !verb.positionals.isEmpty {
      text += heading("Arguments")
      text += list(
        verb.positionals.map { ($0.name, $0.help + choices($0.choices, listed: $0.help)) })
    }
    if !verb.subverbs.isEmpty {
      text += heading("Verbs") + list(verb.subverbs.map { ($0.name, $0.summary) })
    }
    let own = path.flatMap(\.options)
    if !own.isEmpty { text += heading("Options") + list(own.map(entry)) }
    text += heading("Common options") + list(GlobalOptions.common.map(entry))
    let connects = verb.connects || verb.subverbs.contains { $0.connects }
    if connects { text += "\nConnection options: see `\(tree.name) help connection`.\n" }
    return text
  }

  /// Makes the list of options for the page about connections.
  ///
  /// - Returns: the list
  func connectionOptions() -> String { list(GlobalOptions.connection.map(entry)) }

  private func overview() -> String {
    var text = "\(tree.name) - \(tree.summary)\n"
    text += heading("Usage") + "  \(tree.name) VERB [OPTIONS]\n"
    text += heading("Verbs") + list(tree.verbs.map { ($0.name, $0.summary) })
    text += heading("Common options")
    text += list(
      GlobalOptions.common.map(entry) + [("    --version", "show the version")])
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

  private func list(_ entries: [(term: String, text: String)]) -> String {
    let column = min(28, (entries.map(\.term.count).max() ?? 0) + 2)
    return entries.map { entry in
      let indent = String(repeating: " ", count: column + 2)
      let lines = wrapped(entry.text, to: Self.width - column - 2)
      let first =
        entry.term.count + 2 > column
        ? "  \(entry.term)\n\(indent)"
        : "  " + entry.term + String(repeating: " ", count: column - entry.term.count)
      return first + lines.joined(separator: "\n" + indent) + "\n"
    }.joined()
  }

  /// Fills the paragraphs of a text to the width of the page; indented lines stay as they are.
  ///
  /// - Parameter text: lines of a text
  /// - Returns: lines of at most 80 columns, the last one ended
  func reflowed(_ text: String) -> String {
    var lines: [String] = []
    var paragraph = ""
    func endParagraph() {
      if !paragraph.isEmpty { lines += wrapped(paragraph, to: Self.width) }
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.first == " " {
        endParagraph()
        lines.append(String(line))
      } else {
        paragraph += " " + line
      }
    }
    endParagraph()
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if let last = lines.last, !last.isEmpty, last.count + 1 + word.count > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return lines
  }
}
