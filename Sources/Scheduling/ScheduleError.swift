/// Why a text is no schedule.
package struct ScheduleError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, naming the text.
  package let description: String

  init(_ description: String) { self.description = description }
}
