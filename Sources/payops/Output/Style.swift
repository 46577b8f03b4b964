/// Colours and weights, or nothing when the output is not for a terminal.
struct Style: Sendable, Equatable {
  /// Whether escape sequences are written.
  let isOn: Bool

  /// Makes text stand out.
  func bold(_ text: String) -> String { wrap(text, "1") }
  /// Makes text recede.
  func dim(_ text: String) -> String { wrap(text, "2") }
  /// Marks an error or a critical value.
  func red(_ text: String) -> String { wrap(text, "31") }
  /// Marks a good value.
  func green(_ text: String) -> String { wrap(text, "32") }
  /// Marks a warning.
  func yellow(_ text: String) -> String { wrap(text, "33") }
  /// Marks a name or command.
  func cyan(_ text: String) -> String { wrap(text, "36") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
