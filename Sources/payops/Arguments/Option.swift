import PayopsCore

/// The declaration of an option or flag: all that help, completion and the parser need to know.
struct OptionDeclaration: Sendable {
  /// The long name without the leading `--`.
  let name: String
  /// The one-letter form, where there is one.
  var short: Character?
  /// The name of the value in help texts, such as `DATE`; nil for a flag.
  var placeholder: String?
  /// What the option does, in one sentence without a full stop.
  let help: String
  /// The only values allowed; empty when there is no such list.
  var choices: [String] = []
  /// What a shell offers as values.
  var completion = ValueCompletion.nothing
  /// Whether each occurrence counts; otherwise the last one wins.
  var isRepeatable = false
  /// What a value must be, in words, such as `a date such as 2026-01-31`.
  var expectation = "a value"
  /// Whether a value is acceptable.
  var accepts: @Sendable (String) -> Bool = { _ in true }
}

/// What a shell offers when it completes a value.
enum ValueCompletion: Sendable {
  case nothing
  case file
  case directory
}

/// An option that takes a value of a known type; also the key to read it from an ``Invocation``.
struct Option<Value: Sendable>: Sendable {
  /// The declaration.
  private(set) var declaration: OptionDeclaration
  /// Turns the text into a value; nil when it is not one.
  let parse: @Sendable (String) -> Value?

  /// Makes an option of any type.
  ///
  /// - Parameters:
  ///   - name: the long name without `--`
  ///   - placeholder: the name of the value in help texts
  ///   - help: what the option does
  ///   - expectation: what a value must be, in words
  ///   - parse: turns the text into a value, nil when it is not one
  init(
    _ name: String, placeholder: String, help: String, expectation: String,
    parse: @escaping @Sendable (String) -> Value?
  ) {
    declaration = OptionDeclaration(
      name: name, placeholder: placeholder, help: help, expectation: expectation,
      accepts: { parse($0) != nil })
    self.parse = parse
  }

  /// The same option, each occurrence of which counts.
  var repeatable: Option {
    var copy = self
    copy.declaration.isRepeatable = true
    return copy
  }

  /// The same option with a one-letter form.
  ///
  /// - Parameter letter: the letter
  /// - Returns: the option
  func short(_ letter: Character) -> Option {
    var copy = self
    copy.declaration.short = letter
    return copy
  }
}

extension Option<String> {
  /// Declares an option whose value is any text.
  static func text(_ name: String, _ placeholder: String, _ help: String) -> Option {
    Option(name, placeholder: placeholder, help: help, expectation: "a value") { $0 }
  }

  /// Declares an option whose value is one of a list.
  static func choice(
    _ name: String, _ placeholder: String, _ choices: [String], _ help: String
  ) -> Option {
    var option = Option(
      name, placeholder: placeholder, help: help,
      expectation: "one of " + choices.joined(separator: ", ")
    ) { choices.contains($0) ? $0 : nil }
    option.declaration.choices = choices
    return option
  }

  /// Declares an option whose value is the path of a file or directory.
  static func path(
    _ name: String, _ placeholder: String, _ help: String, completion: ValueCompletion = .file
  ) -> Option {
    var option = Option(name, placeholder: placeholder, help: help, expectation: "a path") {
      $0.isEmpty ? nil : $0
    }
    option.declaration.completion = completion
    return option
  }
}

extension Option<Int> {
  /// Declares an option whose value is a count, 0 or more, such as `500`, `120k` or `10M`.
  static func count(
    _ name: String, _ placeholder: String, from minimum: Int = 0, _ help: String
  ) -> Option {
    Option(
      name, placeholder: placeholder, help: help,
      expectation:
        "a count\(minimum > 0 ? " of at least \(minimum)" : "") such as 500, 120k or 10M",
      parse: { text in CountText.parse(text).flatMap { $0 >= minimum ? $0 : nil } })
  }

  /// Declares an option whose value is a whole number of a range.
  static func integer(
    _ name: String, _ placeholder: String, in range: ClosedRange<Int>, _ help: String
  ) -> Option {
    Option(
      name, placeholder: placeholder, help: help,
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)"
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Option<CivilInstant> {
  /// Declares an option whose value is an ISO 8601 date or time in UTC.
  static func date(_ name: String, _ help: String) -> Option {
    Option(
      name, placeholder: "DATE", help: help,
      expectation: "a date such as 2026-01-31 or 2026-01-31T08:00 (UTC)"
    ) { CivilInstant($0) }
  }
}

/// An option without a value; also the key to read it from an ``Invocation``.
struct Flag: Sendable {
  /// The declaration.
  let declaration: OptionDeclaration

  /// Declares a flag.
  ///
  /// - Parameters:
  ///   - name: the long name without `--`
  ///   - short: the one-letter form
  ///   - help: what the flag does
  init(_ name: String, short: Character? = nil, help: String) {
    declaration = OptionDeclaration(name: name, short: short, help: help)
  }
}

/// An argument that is known by its place; also the key to read it from an ``Invocation``.
struct Positional: Sendable {
  /// How many arguments the place takes.
  enum Arity: Sendable {
    case required
    case optional
    /// Any number; only for the last place.
    case repeated
  }

  /// The name in help texts, in capitals.
  let name: String
  /// What the argument is.
  let help: String
  /// How many arguments the place takes.
  var arity = Arity.required
  /// The only values allowed; empty when there is no such list.
  var choices: [String] = []
  /// What a shell offers.
  var completion = ValueCompletion.nothing
}
