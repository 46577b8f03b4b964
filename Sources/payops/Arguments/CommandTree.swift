import PayopsCore
import Tabular

/// The verbs of the program, and the parser that finds the one that is meant.
struct CommandTree: Sendable {
  /// The name of the program.
  let name: String
  /// One line about the program.
  let summary: String
  /// The verbs, in the order in which help lists them.
  let verbs: [any Verb]

  /// What a command line asks for.
  enum Request: Sendable {
    /// Run a verb.
    case run(any Verb, Invocation)
    /// Show the help of a verb, or of the program when the path is empty.
    case help([any Verb])
    /// Show the version.
    case version
  }

  /// Finds a verb by the words that lead to it.
  ///
  /// - Parameter words: the words after `payops`
  /// - Returns: the verbs on the way, the one meant last; nil if the words name no verb
  func find(_ words: [String]) -> [any Verb]? {
    var level = verbs
    var found: [any Verb] = []
    for word in words {
      guard let verb = level.first(where: { $0.name == word }) else { return nil }
      found.append(verb)
      level = verb.subverbs
    }
    return found
  }

  /// Parses a command line.
  ///
  /// - Parameters:
  ///   - arguments: the arguments without the program's name
  ///   - console: the console for the invocation
  /// - Returns: what is asked for
  /// - Throws: a usage failure that names the argument
  func parse(_ arguments: [String], console: Console) throws(Fault) -> Request {
    var path: [any Verb] = []
    var line = Invocation(path: [name], tree: self, console: console)
    var places: [String] = []
    var wantsHelp = false
    var optionsEnded = false
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if optionsEnded || argument == "-" || !argument.hasPrefix("-") {
        let level = path.last?.subverbs ?? (path.isEmpty ? verbs : [])
        if optionsEnded || level.isEmpty {
          places.append(argument)
        } else if let verb = level.first(where: { $0.name == argument }) {
          path.append(verb)
          line.path.append(verb.name)
        } else {
          throw unknownVerb(argument, in: level, path: line.path)
        }
        continue
      }
      if argument == "--" {
        optionsEnded = true
        continue
      }
      if path.isEmpty, argument == "--version" { return .version }
      if path.last?.handsOnOptions == true, !isPassword(argument),
        known(argument, among: options(of: path)) == nil
      {
        places.append(argument)
        continue
      }
      let option = try declaration(for: argument, path: path, words: line.path)
      try take(option, from: argument, rest: &rest, into: &line)
      wantsHelp = wantsHelp || option.name == GlobalOptions.help.declaration.name
    }
    guard !wantsHelp, let verb = path.last else { return .help(path) }
    try checkOptions(of: path, line)
    try place(places, of: verb, into: &line)
    line.console.choice = try line.tableChoice()
    if !verb.connects {
      let given = GlobalOptions.connection.first { option in
        line.values[option.name] != nil && !verb.options.contains { $0.name == option.name }
      }
      if let given {
        throw .usage(
          "option --\(given.name) does not apply to `\(line.path.joined(separator: " "))`")
      }
    }
    return .run(verb, line)
  }

  /// Refuses options that were given before a sub-verb and are those of its parent.
  private func checkOptions(of path: [any Verb], _ line: Invocation) throws(Fault) {
    let known = Set(options(of: path).map(\.name) + GlobalOptions.connection.map(\.name))
    let given = Set(line.values.keys).union(line.flags).subtracting(known).sorted()
    guard let name = given.first else { return }
    throw .usage("option --\(name) does not apply to `\(line.path.joined(separator: " "))`")
  }

  /// The options that a verb takes: its own, connection and common ones.
  ///
  /// - Parameter path: the verbs on the way; empty before a verb is known
  /// - Returns: the declarations; a verb's own one hides a shared one of the same name
  func options(of path: [any Verb]) -> [OptionDeclaration] {
    var all = path.last?.options ?? []
    let connects = path.last?.connects ?? true
    let isInner = path.last.map { !$0.subverbs.isEmpty } ?? true
    if connects || isInner { all += GlobalOptions.connection }
    all += GlobalOptions.common
    var seen: Set<String> = []
    return all.filter { seen.insert($0.name).inserted }
  }

  private func declaration(
    for argument: String, path: [any Verb], words: [String]
  ) throws(Fault) -> OptionDeclaration {
    let known = options(of: path)
    let label = argument.prefix { $0 != "=" }
    if let found = self.known(argument, among: known) { return found }
    let command = words.joined(separator: " ")
    if GlobalOptions.connection.contains(where: { label == "--" + $0.name }) {
      throw .usage("option \(label) does not apply to `\(command)`")
    }
    // Not repeated: `-psecret` holds the password itself.
    if isPassword(argument) {
      throw .usage(
        "payops takes no password as an argument, which other users could read",
        hint: "write password=… below [client] into a file with mode 0600 and name it with"
          + " --defaults-file")
    }
    let nearest = nearestWord(
      to: String(label.drop { $0 == "-" }), among: known.map(\.name) + ["version"])
    throw .usage(
      "unknown option \(label)",
      hint: nearest.map { "did you mean --\($0)?" } ?? "see `\(command) --help`")
  }

  /// The option that an argument names; nil for an unknown one.
  private func known(
    _ argument: String, among options: [OptionDeclaration]
  ) -> OptionDeclaration? {
    let label = argument.prefix { $0 != "=" }
    return options.first { option in
      label == "--" + option.name || option.short.map { label == "-\($0)" } ?? false
    }
  }

  /// Whether an argument is, or is meant to be, a password.
  private func isPassword(_ argument: String) -> Bool {
    let label = argument.prefix { $0 != "=" }.lowercased()
    return ["--password", "--passwd", "--pass", "--pwd"].contains(label)
      || argument.hasPrefix("-p") && !argument.hasPrefix("--")
  }

  private func take(
    _ option: OptionDeclaration, from argument: String, rest: inout ArraySlice<String>,
    into line: inout Invocation
  ) throws(Fault) {
    let label = String(argument.prefix { $0 != "=" })
    var value: String?
    if label.count < argument.count { value = String(argument.dropFirst(label.count + 1)) }
    guard let placeholder = option.placeholder else {
      guard value == nil else { throw .usage("option \(label) takes no value") }
      line.flags.insert(option.name)
      return
    }
    if value == nil {
      guard let next = rest.first, !next.hasPrefix("--") else {
        throw .usage(
          "option \(label) needs a value", hint: "write \(label) \(placeholder)")
      }
      value = next
      rest.removeFirst()
    }
    guard let value, option.accepts(value) else {
      let nearest = nearestWord(to: value ?? "", among: option.choices)
      throw .usage(
        "option \(label): '\(value ?? "")' is not \(option.expectation)",
        hint: nearest.map { "did you mean \($0)?" })
    }
    line.values[option.name, default: []].append(value)
  }

  private func place(
    _ texts: [String], of verb: any Verb, into line: inout Invocation
  ) throws(Fault) {
    var rest = texts[...]
    let command = line.path.joined(separator: " ")
    for positional in verb.positionals {
      switch positional.arity {
      case .repeated:
        line.arguments[positional.name] = Array(rest)
        rest = []
      case .required, .optional:
        guard let text = rest.popFirst() else {
          guard positional.arity == .optional else {
            throw .usage(
              "argument \(positional.name) is missing", hint: "see `\(command) --help`")
          }
          continue
        }
        line.arguments[positional.name] = [text]
      }
      for text in line.arguments[positional.name] ?? []
      where !positional.choices.isEmpty && !positional.choices.contains(text) {
        throw .usage(
          "'\(text)' is not a \(positional.name) of `\(command)`",
          hint: nearestWord(to: text, among: positional.choices).map { "did you mean \($0)?" }
            ?? "one of " + positional.choices.joined(separator: ", "))
      }
    }
    guard let extra = rest.first else { return }
    throw .usage("unexpected argument '\(extra)'", hint: "see `\(command) --help`")
  }

  private func unknownVerb(_ word: String, in level: [any Verb], path: [String]) -> Fault {
    let command = path.joined(separator: " ")
    return .usage(
      "`\(command)` has no verb '\(word)'",
      hint: nearestWord(to: word, among: level.map(\.name)).map { "did you mean \($0)?" }
        ?? "see `\(command) --help`")
  }
}
