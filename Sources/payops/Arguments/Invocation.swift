import PayopsCore
import Processes
import Tabular

/// A parsed command line: the verb's arguments, checked, and the console to write to.
struct Invocation: Sendable {
  /// The words that lead to the verb, `payops` first.
  var path: [String]
  /// The texts given for each option, by long name, in order.
  var values: [String: [String]] = [:]
  /// The flags given, by long name.
  var flags: Set<String> = []
  /// The texts of each place, by the place's name.
  var arguments: [String: [String]] = [:]
  /// The tree that parsed the line.
  var tree: CommandTree
  /// Where results and notes go.
  var console: Console

  /// The value of an option: that of its last occurrence; nil when it was not given.
  subscript<Value>(option: Option<Value>) -> Value? {
    values[option.declaration.name]?.last.flatMap(option.parse)
  }

  /// Whether a flag was given.
  subscript(flag: Flag) -> Bool { flags.contains(flag.declaration.name) }

  /// The argument of a place; nil when it was not given.
  subscript(positional: Positional) -> String? { arguments[positional.name]?.first }

  /// All values of a repeatable option, in order.
  ///
  /// - Parameter option: the option
  /// - Returns: the values, none when the option was not given
  func all<Value>(_ option: Option<Value>) -> [Value] {
    (values[option.declaration.name] ?? []).compactMap(option.parse)
  }

  /// All arguments of a repeated place, in order.
  ///
  /// - Parameter positional: the place
  /// - Returns: the arguments
  func all(_ positional: Positional) -> [String] { arguments[positional.name] ?? [] }

  /// The number that the argument of a place is.
  ///
  /// - Parameters:
  ///   - positional: the place
  ///   - what: what has such numbers, for the message
  ///   - hint: where they are to be found
  /// - Throws: a usage failure for anything else
  func number(_ positional: Positional, of what: String, hint: String? = nil) throws -> Int64 {
    let text = self[positional] ?? ""
    guard let number = Int64(text) else {
      throw Fault.usage("'\(text)' is no number of \(what)", hint: hint)
    }
    return number
  }

  /// The argument of a place that the parser has found to be there.
  ///
  /// - Parameter positional: a required place
  /// - Returns: the argument
  func required(_ positional: Positional) throws -> String {
    guard let text = self[positional] else {
      throw Fault.usage("argument \(positional.name) is missing")
    }
    return text
  }

  /// The command line of another verb of this program on the same database.
  ///
  /// - Parameter words: the words after `payops`
  /// - Returns: path and arguments, with the connection options given; none of them holds a password
  func commandLine(_ words: [String]) -> [String] {
    let options = GlobalOptions.connection.flatMap { option -> [String] in
      guard let value = values[option.name]?.last else { return [] }
      return ["--\(option.name)", value]
    }
    return [ProgramPath.own] + words + options
  }
}
