import PayopsCore

/// A verb of the program: what it is called, what it takes, and what it does.
///
/// Help texts, shell completions and the parser are all made from these declarations.
protocol Verb: Sendable {
  /// The word on the command line.
  var name: String { get }
  /// One line for lists of verbs, without a full stop.
  var summary: String { get }
  /// The long help text: paragraphs, which are filled, and indented lines, which are kept.
  var discussion: String { get }
  /// The arguments by place.
  var positionals: [Positional] { get }
  /// The verb's own options and flags.
  var options: [OptionDeclaration] { get }
  /// Whether the verb works on a database and so takes the connection options.
  var connects: Bool { get }
  /// Whether options that the verb does not know are arguments for another program.
  var handsOnOptions: Bool { get }
  /// Verbs below this one; a verb that has some is not run itself.
  var subverbs: [any Verb] { get }

  /// Does the work.
  ///
  /// - Parameter invocation: the arguments and the console
  /// - Returns: ok or finding
  /// - Throws: any error; ``Fault`` turns it into a message and an exit code
  func run(_ invocation: Invocation) async throws -> ExitCode
}

extension Verb {
  var discussion: String { "" }
  var positionals: [Positional] { [] }
  var options: [OptionDeclaration] { [] }
  var connects: Bool { false }
  var handsOnOptions: Bool { false }
  var subverbs: [any Verb] { [] }

  func run(_ invocation: Invocation) async throws -> ExitCode {
    throw Fault.usage(
      "\(invocation.path.joined(separator: " ")) needs one of: "
        + subverbs.map(\.name).joined(separator: ", "),
      hint: "see `\(invocation.path.joined(separator: " ")) --help`")
  }
}

/// A verb that works on a database, and so takes the connection options.
protocol DatabaseVerb: Verb {}

extension DatabaseVerb {
  var connects: Bool { true }
}
