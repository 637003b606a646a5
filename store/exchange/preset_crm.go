package exchange

import "opsdeck/model"

// salesforcePresets read what Data Loader and the weekly export write (API names in any case), what
// reports write (labels), and tree files. Sample files name accounts by the place of their row.
func salesforcePresets() []preset {
	return []preset{
		{
			source: "salesforce", kind: model.Customer, record: "Account", ordered: true, without: "lastname stagename contractterm casenumber",
			need: []string{"name billingcity", "accountname accountid", "accountname billingcity", "attributestype name billingstreet", "id name accountnumber", "id name ownerid industry"},
			cols: []col{
				{"Id|Account ID|Case Safe ID", "key", "sfid"},
				{"Name|Account Name", "name", ""},
				{"ParentId|Parent Account ID", "parent", "sfid"},
				{"Type|Account Type", "type", ""},
				{"Industry", "industry", ""},
				{"AnnualRevenue", "annual_revenue", ""},
				{"NumberOfEmployees|Employees", "employees", ""},
				{"Rating", "rating", ""},
				{"OwnerId|Account Owner", "sales_owner", ""},
				{"AccountSource", "channel", ""},
				{"BillingStreet|Billing Address Line 1", "address", ""},
				{"BillingCity", "city", ""},
				{"BillingState|Billing State/Province", "region", ""},
				{"BillingPostalCode|Billing Zip/Postal Code", "postal_code", ""},
				{"BillingCountry", "country", ""},
				{"Phone", "phone", ""},
				{"Website", "domain", ""},
				{"Description|Account Description", "description", ""},
				{"CurrencyIsoCode|Account Currency", "currency", ""},
				{"attributes.type", "-", ""},
				{"attributes.referenceId", "-", ""},
				{"attributes.url", "-", ""},
			},
		},
		{
			source: "salesforce", kind: model.Contact, record: "Contact",
			need: []string{"lastname accountid", "attributestype lastname", "lastname accountname", "contactid lastname", "id lastname reportstoid"},
			cols: []col{
				{"Id|Contact ID", "key", "sfid"},
				{"FirstName", "name", ""},
				{"LastName", "name", ""},
				{"AccountId", "customer", "sfid"},
				{"Account Name", "customer", asName},
				{"Title", "title", ""},
				{"Department", "department", ""},
				{"Email", "email", ""},
				{"Phone|Business Phone", "phone", ""},
				{"MobilePhone|Mobile", "mobile", ""},
				{"ReportsToId", "reports_to", "sfid"},
				{"MailingStreet", "address", ""},
				{"MailingPostalCode", "address", ""},
				{"MailingCity", "address", ""},
				{"MailingCountry", "address", ""},
				{"Description", "notes", ""},
				{"attributes.type", "-", ""},
				{"attributes.referenceId", "-", ""},
				{"attributes.url", "-", ""},
			},
		},
		salesforceDeals(), salesforceContracts(), salesforceCases(),
	}
}

func salesforceDeals() preset {
	return preset{
		source: "salesforce", kind: model.Deal, record: "Opportunity",
		need: []string{"stagename closedate", "opportunityname stage closedate"},
		cols: []col{
			{"Id|Opportunity ID", "key", "sfid"},
			{"Name|Opportunity Name", "name", ""},
			{"AccountId", "customer", "sfid"},
			{"Account Name", "customer", asName},
			{"StageName|Stage", "stage", ""},
			{"Amount", "amount", ""},
			{"Probability|Probability (%)", "probability", ""},
			{"CloseDate", "close_date", ""},
			{"Type", "type", ""},
			{"ForecastCategoryName|ForecastCategory", "category", ""},
			{"IsWon|Won", "won", ""},
			{"IsClosed|Closed", "closed", ""},
			{"OwnerId|Opportunity Owner", "owner", ""},
			{"LeadSource", "channel", ""},
			{"NextStep", "next_step", ""},
			{"Description", "description", ""},
			{"MainCompetitors__c|Main Competitor(s)", "competitors", ""},
			{"CurrencyIsoCode|Opportunity Currency|Amount Currency", "currency", ""},
			{"attributes.type", "-", ""},
			{"attributes.referenceId", "-", ""},
			{"attributes.url", "-", ""},
		},
	}
}

func salesforceContracts() preset {
	return preset{
		source: "salesforce", kind: model.Contract, record: "Contract",
		need: []string{"accountid startdate contractterm", "contractnumber startdate accountid", "contractnumber contractstartdate accountname"},
		cols: []col{
			{"Id|Contract ID", "key", "sfid"},
			{"ContractNumber", "number", ""},
			{"Name|Contract Name|ContractNumber", "name", ""},
			{"AccountId", "customer", "sfid"},
			{"Account Name", "customer", asName},
			{"Account Name", "customer.name", ""},
			{"StartDate|Contract Start Date", "start", ""},
			{"EndDate|Contract End Date", "end", ""},
			{"ContractTerm|Contract Term (months)", "~months", asNumber},
			{"OwnerId|Contract Owner", "renewal_owner", ""},
			{"CustomerSignedDate", "signed_on", ""},
			{"Description", "notes", ""},
			{"CurrencyIsoCode", "currency", ""},
			{"attributes.type", "-", ""},
			{"attributes.referenceId", "-", ""},
			{"attributes.url", "-", ""},
		},
	}
}

func salesforceCases() preset {
	return preset{
		source: "salesforce", kind: model.Item, record: "Case",
		need: []string{"casenumber subject status", "attributestype subject isescalated", "id subject status isescalated"},
		cols: []col{
			{"CaseNumber", "key", ""},
			{"Id|Case ID", "key", "sfid"},
			{"Subject", "summary", ""},
			{"AccountId", "customers", "sfid"},
			{"Account Name", "customers", asName},
			{"Account Name", "customer.name", ""},
			{"Status", "~status", ""},
			{"Priority", "priority", ""},
			{"IsEscalated|Escalated", "escalated", ""},
			{"CreatedDate|Date/Time Opened", "opened", ""},
			{"ClosedDate|Date/Time Closed", "resolved", ""},
			{"OwnerId|Case Owner", "owner", ""},
			{"Product__c", "area", ""},
			{"Description", "words", ""},
			{"attributes.type", "-", ""},
			{"attributes.referenceId", "-", ""},
			{"attributes.url", "-", ""},
		},
	}
}

// hubspotPresets read the exports of companies, contacts and deals. All three call their id Record ID.
func hubspotPresets() []preset {
	return []preset{
		{source: "hubspot", kind: model.Customer, need: []string{"recordid companyname"}, cols: []col{
			{"Record ID", "key", ""},
			{"Company name", "name", ""},
			{"Company Domain Name", "domain", ""},
			{"Company owner", "owner", ""},
			{"Industry", "industry", ""},
			{"Type", "type", ""},
			{"Phone Number", "phone", ""},
			{"Street Address", "address", ""},
			{"City", "city", ""},
			{"State/Region", "region", ""},
			{"Postal Code", "postal_code", ""},
			{"Country/Region|Country", "country", ""},
			{"Number of Employees", "employees", ""},
			{"Annual Revenue", "annual_revenue", ""},
			{"Description", "description", ""},
		}},
		{source: "hubspot", kind: model.Contact, need: []string{"recordid firstname lastname", "recordid lastname email"}, cols: []col{
			{"Record ID", "key", ""},
			{"First Name", "name", ""},
			{"Last Name", "name", ""},
			{"Email", "email", ""},
			{"Phone Number", "phone", ""},
			{"Mobile Phone Number", "mobile", ""},
			{"Job Title", "title", ""},
			{"Associated Company IDs|Associated Company ID|Primary Associated Company ID", "customer", "first"},
			{"Associated Company", "customer", asName},
		}},
		{source: "hubspot", kind: model.Deal, need: []string{"recordid dealname"}, cols: []col{
			{"Record ID", "key", ""},
			{"Deal Name", "name", ""},
			{"Deal Stage", "stage", ""},
			{"Amount", "amount", ""},
			{"Currency", "currency", ""},
			{"Close Date", "close_date", ""},
			{"Deal owner", "owner", ""},
			{"Deal Type", "type", ""},
			{"Deal Description", "description", ""},
			{"Deal probability", "probability", "share"},
			{"Forecast category", "category", ""},
			{"Is Closed Won", "won", ""},
			{"Is Deal Closed?|Is Closed", "closed", ""},
			{"Next step", "next_step", ""},
			{"Associated Company IDs|Associated Company ID|Primary Associated Company ID", "customer", "first"},
		}},
	}
}
