/// What is to be said while a backup is made, verified or restored.
package enum BackupEvent: Sendable {
  /// A line for people.
  case note(String)
  /// How far a phase has come, in bytes; the total is nil or 0 when it is not known.
  case progress(String, done: Int64, total: Int64?)
}
