internal import PayopsCore

/// A message for an incoming webhook of Slack, in blocks.
package struct SlackPayload: Sendable, Equatable, Encodable {
  /// A text of a block.
  struct Text: Sendable, Equatable, Encodable {
    let type: String
    let text: String
    /// Whether Slack leaves the text as it is, without making links and mentions from it.
    let verbatim: Bool?

    static func plain(_ text: String, limit: Int) -> Text {
      Text(
        type: "plain_text", text: TextLimit.cut(text, to: limit, escape: escape), verbatim: nil)
    }
  }

  /// A block of the message.
  struct Block: Sendable, Equatable, Encodable {
    let type: String
    var text: Text?
    var elements: [Text]?
  }

  /// Slack's limits: blocks of a message, characters of a section, of a header.
  package static let maximumBlocks = 50
  static let sectionLimit = 3000
  static let headerLimit = 150

  /// The text for places that cannot show blocks, such as a locked phone.
  let text: String
  let blocks: [Block]

  /// Builds the message of a notification.
  package init(_ notification: AlertNotification) {
    let title = TextLimit.oneLine(notification.title)
    text = TextLimit.cut(title, to: 300, escape: Self.escape)
    var blocks = [Block(type: "header", text: .plain(title, limit: Self.headerLimit))]
    let shown = notification.alerts.prefix(Self.maximumBlocks - 2)
    blocks += shown.map { alert in
      Block(type: "section", text: Self.markdown(Self.lines(of: alert)))
    }
    let left = notification.alerts.count - shown.count + notification.truncatedAlerts
    var foot = left > 0 ? "and \(left) more · " : ""
    foot += "\(notification.receiver) · \(notification.sentAt) UTC"
    let page = Self.link(notification.externalURL, "dashboard").map { " · \($0)" } ?? ""
    blocks.append(
      Block(
        type: "context",
        elements: [
          Text(
            type: "mrkdwn", text: TextLimit.cut(foot, to: 500, escape: Self.escape) + page,
            verbatim: true)
        ]))
    self.blocks = blocks
  }

  /// The body of the request.
  package var body: [UInt8] { PayloadEncoding.json(self) }

  private static func lines(of alert: NotifiedAlert) -> (text: String, link: String?) {
    let grade = alert.state == .resolved ? "RESOLVED" : alert.severity.rawValue
    var lines = ["*\(grade)* \(alert.name): \(TextLimit.oneLine(alert.summary))"]
    if !alert.details.isEmpty { lines.append(alert.details) }
    var facts: [String] = []
    if let value = alert.valueAtStake { facts.append("at stake: \(value)") }
    if let count = alert.customersAffected { facts.append("customers: \(count)") }
    facts.append("since \(alert.startsAt) UTC")
    if let end = alert.endsAt { facts.append("until \(end) UTC") }
    lines.append(facts.joined(separator: " · "))
    let labels = alert.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if !labels.isEmpty { lines.append(TextLimit.oneLine(labels.joined(separator: " "))) }
    return (lines.joined(separator: "\n"), alert.generatorURL.flatMap { link($0, "open") })
  }

  private static func markdown(_ content: (text: String, link: String?)) -> Text {
    let link = content.link.map { "\n\($0)" } ?? ""
    let limit = sectionLimit - link.utf16.count
    return Text(
      type: "mrkdwn", text: TextLimit.cut(content.text, to: limit, escape: escape) + link,
      verbatim: true)
  }

  /// A link; nil for a text that is not a web address or is too long for a section.
  private static func link(_ url: String, _ text: String) -> String? {
    guard let url = ChannelURL(page: url), url.text.utf8.count <= 1000,
      !url.text.contains(where: { "<>|".contains($0) })
    else { return nil }
    return "<\(url.text.replacing("&", with: "&amp;"))|\(text)>"
  }

  /// Escapes the three characters that are special to Slack.
  private static func escape(_ character: Character) -> String {
    switch character {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    default: String(character)
    }
  }
}
