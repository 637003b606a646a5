package exchange

import "opsdeck/model"

// trackerPresets read queues of tickets, bugs and wishes, as their programs export them and as their
// interfaces for programs answer. The source's own words for state, priority and resolution are kept; finishItem
// makes a state of the queue out of them. What is only for the source's own machinery is left out by name.
func trackerPresets() []preset {
	return []preset{zendesk(), jira(), jiraREST(), linear(), github(), bugzilla(), fider()}
}

// zendesk reads the table of a view, the answers of the ticket interfaces and the account export.
func zendesk() preset {
	return preset{
		source: "zendesk", kind: model.Item,
		need: []string{"id requester subject status", "id subject status requesterid", "id subject status organizationid"},
		cols: []col{
			{"Id", "key", ""},
			{"Subject", "summary", ""},
			{"organization_id", "customers", ""},
			{"organization.name", "customer.name", ""},
			{"Organization", "customers", asName},
			{"requester.name|Requester", "reporter", ""},
			{"assignee.name|Assignee", "owner", ""},
			{"Tags", "tags", "spaced"},
			{"Status", "~status", ""},
			{"Status", "~left out", "deleted"},
			{"Priority", "priority", ""},
			{"Ticket type|Type", "kind", "item kind"},
			{"Created at", "opened", ""},
			{"Solved at", "resolved", ""},
			{"satisfaction_rating.score|Satisfaction Score", "~satisfaction", ""},
			{"First reply time in minutes", "~reply minutes", asNumber},
			{"Description", "words", "plain text"},
			{"url", "url", ""},
			{"comments[].body", "x.comments", "plain text"},
			{"assignee", "-", ""},
			{"requester", "-", ""},
			{"satisfaction_rating", "-", ""},
		},
		idle: `rawsubject generatedtimestamp submitterid groupid brandid allowchannelback allowattachments ispublic hasincidents
			collaboratorids followerids emailccids followupids sharingagreementids forumtopicid ticketformid frommessagingchannel
			viachannel viasourcefromaddress viasourcefromname viasourcetoaddress viasourcetoname viasourcerel requesterid assigneeid
			satisfactionratingid commentsid commentsauthorid commentshtmlbody commentspublic commentstype commentscreatedat
			requesterphoto assigneephoto fieldsid fieldsvalue updatedat`,
	}
}

// jira reads the table that an issue search exports. A column comes as often as the fullest issue needs it.
func jira() preset {
	return preset{
		source: "jira", kind: model.Item, need: []string{"issuekey summary"},
		cols: []col{
			{"Issue key", "key", ""},
			{"Summary", "summary", ""},
			{"Issue Type", "kind", "item kind"},
			{"Status", "~status", ""},
			{"Status Category", "~status category", ""},
			{"Resolution", "~resolution", ""},
			{"Priority", "priority", ""},
			{"Created", "opened", ""},
			{"Resolved", "resolved", ""},
			{"Components|Component/s", "area", ""},
			{"Labels", "tags", "spaced"},
			{"Fix Version/s|Fix versions", "released_in", ""},
			{"Affects Version/s|Affects versions", "version", ""},
			{"Assignee", "owner", ""},
			{"Reporter", "reporter", ""},
			{"Description", "words", ""},
			{"Votes", "votes", ""},
			{"Organizations|Custom field (Organizations)", "customers", asName},
			{"Outward issue link (Duplicate)", "~original", ""},
			{"Comment", "x.comments", ""},
		},
		idle: `issueid projectid projecttype projectkey projectlead projectleadid projecturl projectdescription creator creatorid
			assigneeid reporterid watchers watchersid lastviewed updated workratio statuscategorychanged customfieldrank`,
	}
}

// jiraREST reads the answer of the search interface, whose issues hold their fields one level down.
func jiraREST() preset {
	return preset{
		source: "jira", kind: model.Item, need: []string{"key fieldssummary"},
		cols: []col{
			{"key", "key", ""},
			{"fields.summary", "summary", ""},
			{"fields.issuetype.name", "kind", "item kind"},
			{"fields.status.name", "~status", ""},
			{"fields.status.statusCategory.name", "~status category", ""},
			{"fields.resolution.name", "~resolution", ""},
			{"fields.priority.name", "priority", ""},
			{"fields.created", "opened", ""},
			{"fields.resolutiondate", "resolved", ""},
			{"fields.components[].name", "area", "joined"},
			{"fields.labels", "tags", ""},
			{"fields.fixVersions[].name", "released_in", "joined"},
			{"fields.versions[].name", "version", "joined"},
			{"fields.assignee.displayName", "owner", ""},
			{"fields.reporter.displayName", "reporter", ""},
			{"fields.description", "words", ""},
			// The newer interface gives texts as trees of paragraphs.
			{"fields.description.content[].content[].text", "words", "joined"},
			{"fields.votes.votes", "votes", ""},
			{"fields.comment.comments[].body", "x.comments", ""},
			{"fields.duedate", "x.Due date", ""},
		},
		idle: `expand id self fieldsupdated fieldslastviewed fieldsworkratio fieldsresolution fieldspriority fieldsassignee fieldsreporter fieldscreator
			fieldsstatuscategorychangedate fieldsparent fieldsaggregatetimespent fieldstimespent`,
		idleUnder: `fields.issuetype. fields.status. fields.resolution. fields.priority. fields.components[]. fields.fixVersions[]. fields.versions[].
			fields.assignee. fields.reporter. fields.creator. fields.votes. fields.watches. fields.comment. fields.project. fields.progress.
			fields.aggregateprogress. fields.description. fields.issuelinks[]. fields.attachment[]. fields.worklog. fields.subtasks[]. fields.parent.`,
	}
}

// linear comes in two widths; what the narrow one lacks is simply not there.
func linear() preset {
	return preset{
		source: "linear", kind: model.Item, need: []string{"id team title status creator", "id team title status slastatus"},
		cols: []col{
			{"ID", "key", ""},
			{"Title", "summary", ""},
			{"Description", "words", ""},
			{"Status", "~status", ""},
			{"Priority", "priority", ""},
			{"Creator", "reporter", ""},
			{"Assignee", "owner", ""},
			{"Labels", "tags", ""},
			{"Labels", "~labels", "listed"},
			{"Project", "area", ""},
			{"Project Milestone", "released_in", ""},
			{"Created", "opened", ""},
			{"Completed", "resolved", ""},
			{"Canceled", "resolved", ""},
			{"Duplicate of", "~original", ""},
		},
		idle: "archived uuid projectid projectmilestoneid updated started triaged timeinstatusminutes cyclestart cycleend",
	}
}

// github reads what the REST interface and the gh program write, page behind page too. Pull requests, which the
// interface gives as issues, are none.
func github() preset {
	return preset{
		source: "github", kind: model.Item, need: []string{"number title state", "number title body"},
		cols: []col{
			{"html_url|url", "key", "issue url"},
			{"number", "key", ""},
			{"title", "summary", ""},
			{"body", "words", ""},
			{"state", "~status", ""},
			{"state_reason|stateReason", "~resolution", ""},
			{"pull_request.url|pull_request.html_url", "~left out", "pull request"},
			{"labels[].name|labels", "tags", ""},
			{"labels[].name|labels", "~labels", ""},
			{"user.login|author.login|author", "reporter", ""},
			{"assignee.login|assignees[].login", "owner", "first"},
			{"milestone.title", "released_in", ""},
			{"created_at|createdAt", "opened", ""},
			{"closed_at|closedAt", "resolved", ""},
			{"reactions.total_count", "votes", ""},
			{"html_url|url", "url", ""},
			{"comments[].body", "x.comments", ""},
			{"comments", "x.comment count", ""},
			{"url", "-", ""},
			{"assignee", "-", ""},
			{"assignees", "-", ""},
			{"milestone", "-", ""},
			{"user", "-", ""},
		},
		idle: `id nodeid repositoryurl labelsurl commentsurl eventsurl timelineurl locked activelockreason authorassociation
			performedviagithubapp draft updatedat labelsid labelscolor labelsdefault labelsdescription labelsnodeid labelsurl pullrequest
			commentsid commentsurl commentsauthorassociation commentsisminimized commentsminimizedreason commentsviewerdidauthor
			commentscreatedat commentsincludescreatededit commentsreactiongroups`,
		idleUnder: "user. assignee. assignees[]. closed_by. reactions. pull_request. milestone. author. repository. performed_via_github_app. comments[].author.",
	}
}

// bugzilla reads the table of a bug list, under the old and the new names of its columns, and the answer of the
// REST interface.
func bugzilla() preset {
	return preset{
		source: "bugzilla", kind: model.Item,
		// There a bug is UNCONFIRMED first and NEW once somebody has seen it happen.
		states: map[string]string{"new": "confirmed"},
		need: []string{
			"bugid summary status", "issueid summary status resolution created", "bugid shortdesc bugstatus", "id summary status resolution creationtime",
		},
		cols: []col{
			{"Bug ID|Issue id|id", "key", ""},
			{"Summary|short_desc", "summary", ""},
			{"Status|bug_status", "~status", ""},
			{"Resolution", "~resolution", ""},
			{"Priority", "priority", "no dashes"},
			{"Severity|bug_severity", "~severity", ""},
			{"type", "kind", "item kind"},
			{"Product", "area", ""},
			{"Component", "area", ""},
			{"Version", "version", ""},
			{"Target Milestone", "released_in", "no dashes"},
			{"Assignee|Assigned To", "owner", ""},
			{"Reporter|creator", "reporter", ""},
			{"Keywords", "tags", ""},
			{"Votes", "votes", ""},
			{"Created|Opened|opendate|creation_time", "opened", ""},
			{"Resolved|cf_last_resolved", "resolved", ""},
			{"Description", "words", ""},
			{"Duplicate of", "duplicate_of", ""},
			{"dupe_of", "~original", ""},
		},
		idle: `isopen isconfirmed iscreatoraccessible iscclistaccessible iscccessible changed changeddate lastchangetime classification
			alias flags groups cc dependson blocks seealso commentcount remainingtime estimatedtime actualtime deadline updatetoken`,
		idleUnder: "creator_detail. assigned_to_detail. qa_contact_detail. cc_detail[]. flags[].",
		set:       map[string]string{"kind": "bug"},
	}
}

// fider reads the table and the answer of the interface for programs.
func fider() preset {
	return preset{
		source: "fider", kind: model.Item, need: []string{"number title votescount status"},
		cols: []col{
			{"number", "key", ""},
			{"title", "summary", ""},
			{"description", "words", ""},
			{"created_at", "opened", ""},
			{"votes_count", "votes", ""},
			{"status", "~status", ""},
			{"original_number|response.original.number", "~original", ""},
			{"tags", "tags", ""},
			{"user.name|created_by|user_name", "reporter", ""},
			{"response.text|response", "reason", ""},
			{"response.respondedAt", "responded", ""},
		},
		idle:      "id slug hasvoted responseoriginal",
		idleUnder: "user. response.user. response.original.",
		set:       map[string]string{"kind": "demand"},
	}
}
