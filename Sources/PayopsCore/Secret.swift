/// A text that never shows itself: a password or a token.
///
/// Every automatic way of turning the value into text (interpolation, `dump`, mirrors) gives
/// `***`; only ``reveal`` gives the text, so that each use is visible in the code.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The hidden text.
  package let reveal: String

  /// Hides a text.
  ///
  /// - Parameter text: the password or token to hide.
  package init(_ text: String) {
    reveal = text
  }

  /// Always `***`.
  package var description: String { "***" }

  /// Always `***`.
  package var debugDescription: String { "***" }

  /// A mirror without children, so that `dump` shows nothing.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
