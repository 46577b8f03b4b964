/// The commands that a job may run.
///
/// Anyone who may write the table of jobs chooses the words that the daemon runs, with the daemon's
/// files and account. So only verbs of the daily work are allowed, and no option that reaches
/// another server, a shell or a file.
package enum JobWords {
  /// Verbs of the daily work.
  static let verbs: Set<String> = [
    "alerts", "audit", "backup", "doctor", "health", "integrity", "jobs", "kpi", "monitor",
    "notify",
    "reconcile", "refresh", "risk", "rules", "seal",
  ]

  /// Options that would choose another server or another account.
  private static let options = [
    "--defaults-file", "--host", "--port", "--socket", "--user", "--database", "--url", "--tls",
    "--tls-ca", "--data-dir", "-u", "-D",
  ]

  /// Why words are not a valid command of a job; nil for a valid one.
  ///
  /// - Parameter words: the words after `payops`
  package static func refusal(_ words: [String]) -> String? {
    guard let verb = words.first, verbs.contains(verb) else {
      let list = verbs.sorted().joined(separator: ", ")
      return "a job may not run `payops \(words.first ?? "")`, only \(list)"
    }
    for word in words {
      let name = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? word
      if options.contains(name) {
        return "a job may not choose its connection: \(name)"
      }
    }
    return nil
  }
}
