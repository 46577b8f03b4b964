/// What a job may let the program do.
///
/// Whoever may write the table of jobs writes the words that the daemon runs, with the daemon's files
/// and account. They lead to the daily work, and to no other server, shell or file.
package enum JobWords {
  /// Verbs that are the daily work.
  static let verbs: Set<String> = [
    "alerts", "audit", "backup", "doctor", "health", "integrity", "jobs", "kpi", "monitor",
    "notify",
    "reconcile", "refresh", "risk", "rules", "seal",
  ]

  /// Options that would lead to another server or to another account.
  private static let options = [
    "--defaults-file", "--host", "--port", "--socket", "--user", "--database", "--url", "--tls",
    "--tls-ca", "--data-dir", "-u", "-D",
  ]

  /// Why words are no command of a job; nil when they are one.
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
