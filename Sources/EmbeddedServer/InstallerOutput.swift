/// The output of mariadb-install-db.
enum InstallerOutput {
  /// The output without the advice that follows every failure.
  ///
  /// - Parameter output: the whole output of the program.
  /// - Returns: the lines that report what happened.
  static func failure(_ output: String) -> String {
    let lines = output.split(separator: "\n")
    let end = lines.firstIndex { $0.hasPrefix("The problem could be conflicting") }
    return lines[..<(end ?? lines.endIndex)].suffix(12).joined(separator: "\n")
  }
}
