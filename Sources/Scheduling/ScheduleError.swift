/// Why a text is not a valid schedule.
package struct ScheduleError: Error, Equatable, CustomStringConvertible {
  /// The error, with the text.
  package let description: String

  init(_ description: String) { self.description = description }
}
