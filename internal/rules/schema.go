package rules

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"kenesh/internal/apportion"
)

// Schema is the JSON Schema of rules files, for editors: draft 2020-12, written from the
// tables that the reader uses. It knows keys, words and numbers one by one; what only
// several of them together show, kenesh rules check finds.
func Schema() string { return schema("kenesh:rules-1", "A rules file of kenesh", "law") }

// BallotSchema is that of ballot files.
func BallotSchema() string {
	return schema("kenesh:ballot-1", "A ballot file of kenesh", "ballot-file")
}

// An object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for k, v := range []any{m.name, m.value} {
			if k > 0 {
				b.WriteByte(':')
			}
			text, err := plainJSON(v)
			if err != nil {
				return nil, err
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON keeps <, > and & as they are: a schema stands in no page.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// schema writes a schema of the definition named top, and of those that it uses.
func schema(id, title, top string) string {
	all := definitions()
	reached := []string{top}
	for i := 0; i < len(reached); i++ {
		eachRef(definition(all, reached[i]), func(name string) {
			if !slices.Contains(reached, name) {
				reached = append(reached, name)
			}
		})
	}
	var used object
	for _, d := range all {
		if d.name != top && slices.Contains(reached, d.name) {
			used = append(used, d)
		}
	}
	o := append(object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}}, definition(all, top)...)
	text, err := plainJSON(append(o, member{"$defs", used}))
	var b bytes.Buffer
	if err == nil {
		err = json.Indent(&b, text, "", "  ")
	}
	if err != nil {
		panic(err) // of values that are all written here
	}
	return b.String() + "\n"
}

func definition(all object, name string) object {
	for _, d := range all {
		if d.name == name {
			return d.value.(object)
		}
	}
	panic("rules: the schema has no definition of " + name)
}

const defs = "#/$defs/"

func ref(name string) object { return object{{"$ref", defs + name}} }

// eachRef calls use with every definition that a part of the schema refers to.
func eachRef(part any, use func(name string)) {
	switch part := part.(type) {
	case object:
		for _, m := range part {
			if m.name == "$ref" {
				use(m.value.(string)[len(defs):])
			}
			eachRef(m.value, use)
		}
	case []object:
		for _, o := range part {
			eachRef(o, use)
		}
	}
}

// definitions are those of every value of every table of keys.
func definitions() object {
	bar := append(mapping("a bar that a list must reach", barKeys), oneMeasure()...)
	bar = append(bar, only("in", "level", InEach.String(), InAny.String())...)
	return object{
		{"law", append(mapping("the law of one contest", lawKeys),
			member{"dependentRequired", object{{"districts", []string{"nation"}}, {"nation", []string{"districts"}}}})},
		{"dates", mapping("the days of the elections under a law", dateKeys)},
		{"thresholds", oneOfThese(words(noneTable[:]), many("bar"))},
		{"bar", replace(bar, "for", "")},
		{"district-bar", replace(replace(replace(bar, "for", ""), "in", "district-place"), "or", "other-district-bar")},
		{"other-bar", replace(bar, "or", "")},
		{"other-district-bar", replace(replace(bar, "in", "district-place"), "or", "")},
		{"coalition", mapping("what a list of several parties must reach", coalitionKeys)},
		{"admit", append(mapping("who takes part besides when few lists qualify", admitKeys),
			member{"anyOf", []object{required("lists"), required("together")}},
			member{"dependentRequired", object{{"together", []string{"reach"}}, {"reach", []string{"together"}}}})},
		{"options", oneOfThese(words(noneTable[:]), many("option"))},
		{"option", mapping("a line that takes no seats", optionKeys)},
		{"alliances", mapping("how lists stand together", allianceKeys)},
		{"minorities", mapping("what lists of national minorities have in the division", minorityKeys)},
		{"bonus", mapping("seats for the list with the most votes", bonusKeys)},
		{"minimum", mapping("the fewest seats of a list that takes part", minimumKeys)},
		{"held", mapping("seats won in constituencies", heldKeys)},
		{"cap", mapping("the most seats of one list", capKeys)},
		{"district", append(mapping("areas that divide seats of their own", districtKeys),
			member{"oneOf", []object{required("seats"), required("quota-of")}})},
		{"district-seats", oneOfThese(words(announcedTable[:]), ref("seats"), ref("seats"), ref("by-votes"), ref("seats-by-name"))},
		{"district-thresholds", oneOfThese(words(nationalTable[:]), many("district-bar"))},
		{"by-votes", mapping("seats of districts by their votes", byVotesKeys)},
		{"nation", append(mapping("what the nation does after the districts", nationKeys),
			member{"allOf", []object{only("takes", "overhang", Levelling.String()), only("takes", "voters", Biproportional.String())}})},
		{"further", mapping("seats that are divided besides", furtherKeys)},
		{"outcomes", mapping("what follows where the seats cannot be divided as usual", outcomeKeys)},
		{"annulment", mapping("when annulled precincts void the whole", annulmentKeys)},
		{"ballot", mapping("who stands", ballotKeys)},
		{"ballot-file", mapping("who stands in one election", ballotFileKeys, ballotKeys)},
		{"contender", mapping("what is to be known of one list", contenderKeys)},
		{"alliance", append(many("text"), member{"minItems", 2})},
		{"seats-by-name", object{{"type", "object"}, {"additionalProperties", ref("seats")}}},

		{"base", words(baseEntries(Bases()...))},
		{"bar-base", words(baseEntries(append(Bases(), Qualified)...))},
		{"annulment-base", words(baseEntries(Registered))},
		{"method", methodWords()},
		{"reach", words(reachTable[:])},
		{"place", words(placeTable[:Here])},
		{"district-place", words(placeTable[:])},
		{"level", words(levelTable[:])},
		{"kind", words(kindTable[1:])},
		{"ties", words(tiesTable[:])},
		{"exempt", words(exemptTable[:])},
		{"qualify", words(qualifyTable[:])},
		{"bonus-kind", words(bonusTable[:])},
		{"overhang", words(overhangTable[:])},
		{"excess", words(excessTable[:])},
		{"leftovers", words(leftoversTable[:])},
		{"takes", words(takesTable[:])},
		{"voters", words(votersTable[:])},
		{"none-qualified", effectWords("none-qualified")},
		{"one-qualified", effectWords("one-qualified")},
		{"against-all-leads", effectWords("against-all-leads")},
		{"annulment-effect", words(annulmentTable[:])},
		{"yes-or-no", object{{"type", "boolean"}}},

		{"version", object{{"const", grammar}}},
		{"seats", whole(1, MaxSeats)},
		{"votes", object{{"type", "integer"}, {"minimum", 1}}},
		{"areas", whole(1, maxAreas)},
		{"lists", whole(2, maxLists)},
		{"parties", whole(1, maxParties)},
		{"coalition-parties", whole(2, maxParties)},
		{"quotas", oneOfThese(whole(1, maxQuotas), object{{"type", "string"}, {"pattern", "^" + ratio + "$"}})},
		{"share", object{{"type", "string"}, {"pattern", `^((0|[1-9][0-9]{0,2})(\.[0-9]{1,9})?%|` + ratio + ")$"}}},
		{"quotient", object{{"type", []string{"number", "string"}}, {"exclusiveMinimum", 1}, {"exclusiveMaximum", 10}, {"pattern", `^[0-9](\.[0-9]{0,4})?$`}}},
		{"date", object{{"type", "string"}, {"format", "date"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}},
		{"slug", object{{"type", []string{"string", "integer"}}, {"pattern", "^[a-z0-9]+(-[a-z0-9]+)*$"}}},
		// A name that looks like a number is a name: 2011, 1.10.
		{"text", object{{"type", []string{"string", "number"}}, {"minLength", 1}}},
	}
}

const ratio = "[1-9][0-9]{0,8}/[1-9][0-9]{0,8}"

// mapping is an object with the keys of the tables and no others.
func mapping(means string, tables ...[]key) object {
	var properties object
	var need []string
	for _, k := range slices.Concat(tables...) {
		properties = append(properties, member{k.name, append(holds(k), member{"description", k.means})})
		if k.need {
			need = append(need, k.name)
		}
	}
	o := object{{"description", means}, {"type", "object"}, {"additionalProperties", false}, {"properties", properties}}
	if need != nil {
		o = append(o, required(need...)...)
	}
	return o
}

// holds is what a key holds, by its form.
func holds(k key) object {
	switch k.form {
	case citable:
		value := ref(k.value)
		cited := mapping("with its citation", citedKeys)
		return oneOfThese(value, replace(cited, "value", k.value))
	case listOf:
		return many(k.value)
	case oneOrMore:
		return oneOfThese(ref(k.value), many(k.value))
	}
	return ref(k.value)
}

// replace is a mapping in which a key holds another value; without one the key is gone.
func replace(o object, key, value string) object {
	o = slices.Clone(o)
	for i, m := range o {
		if m.name != "properties" {
			continue
		}
		properties := slices.Clone(m.value.(object))
		for k, p := range properties {
			if p.name != key {
				continue
			}
			if value == "" {
				properties = slices.Delete(properties, k, k+1)
				break
			}
			holder := slices.Clone(p.value.(object))
			if holder[0].name == "$ref" {
				holder[0] = ref(value)[0]
			} else {
				holder[slices.IndexFunc(holder, func(m member) bool { return m.name == "items" })].value = ref(value)
			}
			properties[k].value = holder
		}
		o[i].value = properties
	}
	return o
}

// oneMeasure is what a bar must have besides: one of the measures, and what goes with it.
func oneMeasure() object {
	var each []object
	needs := object{}
	for m, key := range measures {
		each = append(each, required(key))
		if Measure(m) != BySeats {
			needs = append(needs, member{key, []string{"reach", "in"}})
		}
	}
	return object{{"oneOf", each}, {"dependentRequired", needs}}
}

// only is a key that is needed where another has one of the words, and has no meaning
// where it has not.
func only(other, key string, words ...string) object {
	return object{
		{"if", object{{"properties", object{{other, object{{"enum", words}}}}}, {"required", []string{other}}}},
		{"then", required(key)},
		{"else", object{{"properties", object{{key, false}}}}},
	}
}

func required(keys ...string) object { return object{{"required", keys}} }

func oneOfThese(parts ...object) object { return object{{"anyOf", parts}} }

func many(value string) object { return object{{"type", "array"}, {"items", ref(value)}} }

func whole(least, most int) object {
	return object{{"type", "integer"}, {"minimum", least}, {"maximum", most}}
}

// words are those of a table. enumDescriptions is a word of editors, not of the draft:
// they show beside each word what it means.
func words(table []entry) object {
	means := make([]string, len(table))
	for i, e := range table {
		means[i] = e.means
	}
	return object{{"enum", names(table)}, {"enumDescriptions", means}}
}

func effectWords(outcome string) object {
	var table []entry
	for _, e := range outcomeEffects[outcome] {
		table = append(table, effectTable[e])
	}
	return words(table)
}

// methodWords are the methods by name. Their other names and sequences of divisors are a
// pattern, so that editors take them and do not propose them. Find takes more spellings;
// a file is better for one.
func methodWords() object {
	others := []string{"divisors:.+"}
	for _, m := range apportion.Methods() {
		for _, alias := range m.Aliases {
			others = append(others, regexp.QuoteMeta(alias))
		}
	}
	return oneOfThese(words(methodEntries()), object{{"type", "string"}, {"pattern", "^(" + strings.Join(others, "|") + ")$"}})
}
