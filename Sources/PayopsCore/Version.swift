/// The version of the program.
package enum Version {
  /// The version text, for people and other programs.
  package static let current = "0.2.0"
}
