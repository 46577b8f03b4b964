/// Colours and weights, or nothing when the output is not for a terminal.
package struct Style: Sendable, Equatable {
  /// Whether escape sequences are written.
  package let isOn: Bool

  /// Makes a style that writes escape sequences or none.
  package init(isOn: Bool) {
    self.isOn = isOn
  }

  /// Makes text stand out.
  package func bold(_ text: String) -> String { wrap(text, "1") }
  /// Makes text recede.
  package func dim(_ text: String) -> String { wrap(text, "2") }
  /// Marks an error or a critical value.
  package func red(_ text: String) -> String { wrap(text, "31") }
  /// Marks a good value.
  package func green(_ text: String) -> String { wrap(text, "32") }
  /// Marks a warning.
  package func yellow(_ text: String) -> String { wrap(text, "33") }
  /// Marks a name or command.
  package func cyan(_ text: String) -> String { wrap(text, "36") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
