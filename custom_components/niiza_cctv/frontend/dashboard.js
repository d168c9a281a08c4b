var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:f,getOwnPropertySymbols:p,getPrototypeOf:m}=Object,h=globalThis,ee=h.trustedTypes,te=ee?ee.emptyScript:``,ne=h.reactiveElementPolyfillSupport,g=(e,t)=>e,_={toAttribute(e,t){switch(t){case Boolean:e=e?te:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},re=(e,t)=>!l(e,t),ie={attribute:!0,type:String,converter:_,reflect:!1,useDefault:!1,hasChanged:re};Symbol.metadata??=Symbol(`metadata`),h.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var v=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ie){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ie}static _$Ei(){if(this.hasOwnProperty(g(`elementProperties`)))return;let e=m(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(g(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(g(`properties`))){let e=this.properties,t=[...f(e),...p(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?_:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?_:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??re)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};v.elementStyles=[],v.shadowRootOptions={mode:`open`},v[g(`elementProperties`)]=/* @__PURE__ */ new Map,v[g(`finalized`)]=/* @__PURE__ */ new Map,ne?.({ReactiveElement:v}),(h.reactiveElementVersions??=[]).push(`2.1.2`);var ae=globalThis,oe=e=>e,y=ae.trustedTypes,se=y?y.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,b=`$lit$`,x=`lit$${Math.random().toFixed(9).slice(2)}$`,S=`?`+x,ce=`<${S}>`,C=document,w=()=>C.createComment(``),T=e=>e===null||typeof e!=`object`&&typeof e!=`function`,le=Array.isArray,ue=e=>le(e)||typeof e?.[Symbol.iterator]==`function`,de=`[ 	
\f\r]`,E=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,fe=/-->/g,pe=/>/g,D=RegExp(`>|${de}(?:([^\\s"'>=/]+)(${de}*=${de}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),me=/'/g,he=/"/g,ge=/^(?:script|style|textarea|title)$/i,O=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),k=Symbol.for(`lit-noChange`),A=Symbol.for(`lit-nothing`),_e=/* @__PURE__ */ new WeakMap,j=C.createTreeWalker(C,129);function ve(e,t){if(!le(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return se===void 0?t:se.createHTML(t)}var ye=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=E;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===E?c[1]===`!--`?o=fe:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=D):(ge.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=D):o=pe:o===D?c[0]===`>`?(o=i??E,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?D:c[3]===`"`?he:me):o===he||o===me?o=D:o===fe||o===pe?o=E:(o=D,i=void 0);let d=o===D&&e[t+1].startsWith(`/>`)?` `:``;a+=o===E?n+ce:l>=0?(r.push(s),n.slice(0,l)+b+n.slice(l)+x+d):n+x+(l===-2?t:d)}return[ve(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},M=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=ye(t,n);if(this.el=e.createElement(l,r),j.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=j.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(b)){let t=u[o++],n=i.getAttribute(e).split(x),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?xe:r[1]===`?`?Se:r[1]===`@`?Ce:F}),i.removeAttribute(e)}else e.startsWith(x)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(ge.test(i.tagName)){let e=i.textContent.split(x),t=e.length-1;if(t>0){i.textContent=y?y.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],w()),j.nextNode(),c.push({type:2,index:++a});i.append(e[t],w())}}}else if(i.nodeType===8){if(i.data===S)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(x,e+1))!==-1;)c.push({type:7,index:a}),e+=x.length-1}}a++}}static createElement(e,t){let n=C.createElement(`template`);return n.innerHTML=e,n}};function N(e,t,n=e,r){if(t===k)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=T(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=N(e,i._$AS(e,t.values),i,r)),t}var be=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??C).importNode(t,!0);j.currentNode=r;let i=j.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new P(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new we(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=j.nextNode(),a++)}return j.currentNode=C,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},P=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=N(this,e,t),T(e)?e===A||e==null||e===``?(this._$AH!==A&&this._$AR(),this._$AH=A):e!==this._$AH&&e!==k&&this._(e):e._$litType$===void 0?e.nodeType===void 0?ue(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==A&&T(this._$AH)?this._$AA.nextSibling.data=e:this.T(C.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=M.createElement(ve(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new be(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=_e.get(e.strings);return t===void 0&&_e.set(e.strings,t=new M(e)),t}k(t){le(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(w()),this.O(w()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=oe(e).nextSibling;oe(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},F=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=A,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=A}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=N(this,e,t,0),a=!T(e)||e!==this._$AH&&e!==k,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=N(this,r[n+o],t,o),s===k&&(s=this._$AH[o]),a||=!T(s)||s!==this._$AH[o],s===A?e=A:e!==A&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===A?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},xe=class extends F{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===A?void 0:e}},Se=class extends F{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==A)}},Ce=class extends F{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=N(this,e,t,0)??A)===k)return;let n=this._$AH,r=e===A&&n!==A||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==A&&(n===A||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},we=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){N(this,e)}},Te={M:b,P:x,A:S,C:1,L:ye,R:be,D:ue,V:N,I:P,H:F,N:Se,U:Ce,B:xe,F:we},Ee=ae.litHtmlPolyfillSupport;Ee?.(M,P),(ae.litHtmlVersions??=[]).push(`3.3.3`);var De=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new P(t.insertBefore(w(),e),e,void 0,n??{})}return i._$AI(e),i},I=globalThis,L=class extends v{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=De(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return k}};L._$litElement$=!0,L.finalized=!0,I.litElementHydrateSupport?.({LitElement:L});var Oe=I.litElementPolyfillSupport;Oe?.({LitElement:L}),(I.litElementVersions??=[]).push(`4.2.2`);var ke={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ae=e=>(...t)=>({_$litDirective$:e,values:t}),je=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:Me}=Te,Ne=e=>e,Pe=()=>document.createComment(``),R=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new Me(r.insertBefore(Pe(),i),r.insertBefore(Pe(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=Ne(e).nextSibling;Ne(r).insertBefore(e,i),e=t}}}return n},z=(e,t,n=e)=>(e._$AI(t,n),e),Fe={},Ie=(e,t=Fe)=>e._$AH=t,Le=e=>e._$AH,B=e=>{e._$AR(),e._$AA.remove()},Re=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},ze=Ae(class extends je{constructor(e){if(super(e),e.type!==ke.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=Le(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=z(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=z(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=z(i[d],a[m]),R(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=z(i[f],a[p]),R(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=Re(o,p,m),u=Re(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=R(e,i[d]);z(t,a[p]),c[p]=t}else c[p]=z(n,a[p]),R(e,i[d],n),i[t]=null;p++}else B(i[f]),f--}else B(i[d]),d++;for(;p<=m;){let t=R(e,c[m+1]);z(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&B(e)}return this.ut=o,Ie(e,c),k}}),Be=3e3,V=`niiza_cctv`,Ve=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}},He=5e3,H={section:void 0,cameras:[]};function Ue(e){return typeof e==`object`&&e?e:{message:String(e)}}var We=class e{hass;static feeds=/* @__PURE__ */ new WeakMap;static of(t){let n=e.feeds.get(t.connection);return n||(n=new e(t),e.feeds.set(t.connection,n)),n.hass=t,n}shown={state:`reading`,connected:!0,at:void 0,refusal:void 0,...H};listeners=/* @__PURE__ */ new Set;unsubscribe;timer;lingering;begun=!1;attempt=0;constructor(e){this.hass=e}listen(e){return this.listeners.add(e),clearTimeout(this.lingering),this.begun||this.begin(),()=>{this.listeners.delete(e),this.listeners.size||(clearTimeout(this.lingering),this.lingering=setTimeout(()=>{this.end()},He))}}first(e){return new Promise(t=>{let n=()=>{this.shown.state!==`reading`&&r()},r=()=>{let{shown:e}=this;clearTimeout(i),a(),t(e)},i=setTimeout(r,e),a=this.listen(n);n()})}begin(){this.begun=!0;let{connection:e}=this.hass;e.addEventListener(`ready`,this.reconnected),e.addEventListener(`disconnected`,this.disconnected),this.open()}end(){this.begun=!1;let{connection:e}=this.hass;e.removeEventListener(`ready`,this.reconnected),e.removeEventListener(`disconnected`,this.disconnected),this.attempt+=1,clearTimeout(this.timer),this.drop(this.unsubscribe),this.unsubscribe=void 0,this.shown={...this.shown,...H,state:`reading`}}drop(e){e?.().catch(()=>void 0)}reconnected=()=>{this.unsubscribe=void 0,this.open()};disconnected=()=>{this.attempt+=1,clearTimeout(this.timer),this.set({connected:!1})};async open(){this.attempt+=1;let{attempt:e}=this;clearTimeout(this.timer);try{let t=await this.hass.connection.subscribeMessage(t=>{e===this.attempt&&this.take(t)},{type:`${V}/board`},{resubscribe:!1});e===this.attempt?this.unsubscribe=t:this.drop(t)}catch(t){e===this.attempt&&await this.failed(new Ve(Ue(t)))}}async failed(e){if(e.refusesPerson){this.set({...H,state:`refused`,refusal:e});return}let{attempt:t}=this,n=await this.starts();t===this.attempt&&(this.set({...H,state:n?`starting`:this.reason(e.cause)}),this.timer=setTimeout(()=>void this.open(),Be))}async starts(){try{let{state:e}=await this.hass.connection.sendMessagePromise({type:`get_config`});return e!==`RUNNING`}catch{return!0}}reason({code:e,translation_key:t}){return t===`service_config_entry_not_loaded`?`not_loaded`:e===`unknown_command`||t?.endsWith(`not_found`)?`removed`:`not_loaded`}take({state:e,section:t,cameras:n,ids:r}){if(e!==`loaded`){this.set({...H,state:e,refusal:void 0});return}let i=new Map([...this.shown.cameras,...n].map(e=>[e.id,e]));this.set({state:`loaded`,refusal:void 0,section:t??void 0,cameras:r.flatMap(e=>i.get(e)??[])})}set(e){let t=e.state?{at:/* @__PURE__ */ new Date,connected:!0}:{};this.shown={...this.shown,...t,...e};for(let e of[...this.listeners])e()}},Ge=class extends Error{key;values;constructor(e,t){super(e),this.key=e,this.values=t}};function U(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function Ke(e,t,n,r){let i=e(t,r);return i===t?n:i}function qe(e,t,n){if(n instanceof Ge)return t(n.key,n.values);if(!(n instanceof Ve))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):s===`unknown_command`?t(`board.starting`):o??t(`common.failed`))}var Je=class{language;timeZone;full;day;brief;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.brief=new Intl.DateTimeFormat(e,{timeZone:t,month:`short`,day:`numeric`,hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}short(e){return this.brief.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}tenths(e){return`${this.at(e)}.${Math.floor(e.getUTCMilliseconds()/100)}`}timeOfDay(e){return`${this.field(e).slice(11)}.${Math.floor(e.getUTCMilliseconds()/100)}`}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}moment(e){let t=Date.parse(`${Ye(e)}Z`);if(Number.isNaN(t))return null;let n=t-this.offset(new Date(t));return new Date(t-this.offset(new Date(n)))}iso(e){let t=Math.round(this.offset(e)/6e4),n=t<0?`-`:`+`,r=e=>String(Math.floor(e)).padStart(2,`0`),i=String(e.getUTCMilliseconds()).padStart(3,`0`);return`${this.field(e)}.${i}${n}${r(Math.abs(t)/60)}:${r(Math.abs(t)%60)}`}offset(e){return Date.parse(`${this.field(e)}Z`)-Math.floor(e.getTime()/1e3)*1e3}};function Ye(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}var Xe=`/config/integrations/dashboard`,Ze=`/config/integrations/integration/${V}`,Qe=2e4,$e=[`config_panel`,`exceptions`,`selector`],W=o`
  :host {
    --grave: #b3261e;
    --serious: #8a4b00;
    --minor: #00599c;
    --unknown: #555b61;
    --fine: #1b6e2d;
    color: var(--primary-text-color);
    display: block;
    font-family: var(--ha-font-family-body, sans-serif);
    font-size: 1rem;
    line-height: 1.5;
  }
  * {
    box-sizing: border-box;
  }
  ha-card {
    display: block;
    overflow: hidden;
  }
  h2,
  h3,
  p,
  ul {
    font-weight: inherit;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ha-icon {
    --mdc-icon-size: 1.25em;
    flex: none;
  }
  a.step,
  button {
    align-items: center;
    background: transparent;
    border: 1px solid currentColor;
    border-radius: 10px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 6px;
    justify-content: center;
    min-block-size: 44px;
    padding: 4px 14px;
    text-align: start;
    text-decoration: none;
  }
  a.step:hover,
  button:hover:not(:disabled) {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--primary-text-color);
    outline-offset: 2px;
  }
  /* What has the focus must not end up under the bar that stays on top. */
  a,
  button,
  input,
  select {
    scroll-margin-block: calc(var(--header-height, 56px) + 16px) 16px;
  }
  .says {
    align-items: start;
    display: flex;
    gap: 10px;
    padding: 16px;
  }
  .says div {
    display: grid;
    gap: 8px;
    justify-items: start;
  }
  .hidden {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
`,G=class extends L{static styles=[W];static properties={hass:{attribute:!1},shown:{state:!0},now:{state:!0},ready:{state:!0}};language=``;stop;ages;constructor(){super(),this.now=/* @__PURE__ */ new Date,this.ready=!1}connectedCallback(){super.connectedCallback(),this.ages=setInterval(()=>{this.now=/* @__PURE__ */ new Date},Qe),this.follow()}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.ages),this.stop?.(),this.stop=void 0}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.localize!==this.hass.localize}willUpdate(e){e.has(`hass`)&&(this.language!==this.hass.language&&(this.language=this.hass.language,this.read()),this.follow())}async read(){let[e,...t]=$e.map(e=>this.hass.loadBackendTranslation(e,V));Promise.allSettled(t);try{await e}finally{this.ready=!0}}follow(){if(!this.hass||!this.isConnected||this.stop)return;let e=We.of(this.hass);this.shown=e.shown,this.stop=e.listen(()=>{this.shown=e.shown,this.now=/* @__PURE__ */ new Date})}get t(){return U(this.hass)}get clock(){return tt(this.hass,this.shown?.section)}silence(){let{shown:e,t}=this;if(!e||e.state===`reading`)return t(`board.reading`);if(e.state!==`loaded`)return e.state===`refused`?e.refusal?qe(this.hass,t,e.refusal):t(`board.refused`):t(`board.${e.state}`)}lost(){let{shown:e}=this;if(!e||e.connected)return A;let t=e.at?this.clock.at(e.at):`–`;return O`<div class="says lost" role="alert">
      <ha-icon icon="mdi:lan-disconnect"></ha-icon><span>${this.t(`board.disconnected`,{at:t})}</span>
    </div>`}says(e){return O`<div class="says" role="status">
      <ha-icon icon=${this.shown?.state===`reading`?`mdi:timer-sand`:`mdi:alert`}></ha-icon>
      <div>
        <p>${e}</p>
        ${this.mending()}
      </div>
    </div>`}mending(){let{shown:e,t}=this;if(!e||!this.hass.user?.is_admin)return A;let n=(e,t)=>O`<a class="step" href=${t}>${e}</a>`;switch(e.state){case`refused`:return O`<p>${t(`board.refused_admin`)}</p>
          ${n(t(`board.step_roles`),Ze)}`;case`not_loaded`:return n(t(`board.step_reason`),Ze);case`removed`:return n(t(`board.step_set_up`),Xe);case`loaded`:return e.cameras.length?A:n(t(`board.step_add_camera`),Ze);default:return A}}isSilent(){return!1}render(){if(!this.ready)return O`<ha-card></ha-card>`;let e=this.silence();return this.isSilent()&&(e!==void 0||!this.shown?.cameras.length)?A:O`<ha-card>${this.lost()}${e===void 0?this.content():this.says(e)}</ha-card>`}},et=/* @__PURE__ */ new Map;function tt({language:e},t){let n=t?.time_zone??`Asia/Tokyo`,r=`${e} ${n}`,i=et.get(r)??new Je(e,n);return et.set(r,i),i}function nt(e,t){let n=typeof t==`string`?[t]:t??[];return n.length?e.filter(({id:e,name:t,device_id:r})=>n.some(n=>n===e||n===t||n===r)):e}function K(e,t){let n=Math.max(0,Math.round(Math.abs(t)));return n<60?e(`board.seconds`,{count:n}):n<3600?e(`board.minutes`,{count:Math.round(n/60)}):n<172800?e(`board.hours`,{count:Math.round(n/3600)}):e(`board.days`,{count:Math.floor(n/86400)})}function rt(e,t,n){return e(`board.ago`,{duration:K(e,(n.getTime()-new Date(t).getTime())/1e3)})}function it(e,t){return e(t<0?`board.behind`:`board.ahead`,{duration:K(e,t)})}function q(e){return((document.querySelector(`home-assistant`)?.hass?.language??document.documentElement.lang).startsWith(`ja`)?{ja:{strategy:`防犯カメラ`,strategy_help:`課のカメラから自動で作ります。異常と、その対応を示します。`,card_board:`防犯カメラ：状況`,card_board_help:`課のカメラの状況と、異常ごとの対応を示します。`,card_live:`防犯カメラ：映像`,card_live_help:`1台の映像を、止まったら止まったと分かるように表示します。`,option_cameras:`表示するカメラ（選ばなければすべて）`,option_camera:`カメラ`,option_compact:`正常なカメラは名前だけにする`,option_title:`見出し`,option_mode:`表示のしかた`,mode_live:`ライブ`,mode_still:`静止画（10秒ごと）`},en:{strategy:`Security cameras`,strategy_help:`Builds itself from the section's cameras; shows what is wrong and what to do.`,card_board:`Security cameras: board`,card_board_help:`The status of the section's cameras, and what to do about each fault.`,card_live:`Security cameras: picture`,card_live_help:`One camera's picture, which says so when it freezes.`,option_cameras:`Cameras to show (none selected: all)`,option_camera:`Camera`,option_compact:`Show cameras without faults by name only`,option_title:`Heading`,option_mode:`Show as`,mode_live:`Live`,mode_still:`Stills (every 10 s)`}}.ja:{ja:{strategy:`防犯カメラ`,strategy_help:`課のカメラから自動で作ります。異常と、その対応を示します。`,card_board:`防犯カメラ：状況`,card_board_help:`課のカメラの状況と、異常ごとの対応を示します。`,card_live:`防犯カメラ：映像`,card_live_help:`1台の映像を、止まったら止まったと分かるように表示します。`,option_cameras:`表示するカメラ（選ばなければすべて）`,option_camera:`カメラ`,option_compact:`正常なカメラは名前だけにする`,option_title:`見出し`,option_mode:`表示のしかた`,mode_live:`ライブ`,mode_still:`静止画（10秒ごと）`},en:{strategy:`Security cameras`,strategy_help:`Builds itself from the section's cameras; shows what is wrong and what to do.`,card_board:`Security cameras: board`,card_board_help:`The status of the section's cameras, and what to do about each fault.`,card_live:`Security cameras: picture`,card_live_help:`One camera's picture, which says so when it freezes.`,option_cameras:`Cameras to show (none selected: all)`,option_camera:`Camera`,option_compact:`Show cameras without faults by name only`,option_title:`Heading`,option_mode:`Show as`,mode_live:`Live`,mode_still:`Stills (every 10 s)`}}.en)[e]??`niiza_cctv ${e}`}var at=9,ot=13,st=8e3,ct={grave:`mdi:alert-octagon`,serious:`mdi:alert`,minor:`mdi:calendar-alert`,unknown:`mdi:help-circle`,fine:`mdi:check-circle`},lt={refresh:`mdi:refresh`,prove:`mdi:play-box-lock`,settings:`mdi:cog`,repair:`mdi:wrench`,device:`mdi:cctv`,check:`mdi:clipboard-check`,ledger:`mdi:book-lock`,section:`mdi:cog`},ut=4e3,dt=[8,24,72,168],ft=[`repair_ordered`,`work_at_station`,`taken_down`,`other`],J=`mute`;function pt(e){let[t]=e.faults;return t?t.severity:e.offline?`fine`:e.alive===null||e.sd===null||e.sd===`unproven`?`unknown`:`fine`}function mt(e){return e.normalize(`NFKC`).toLocaleLowerCase()}function ht(e){let t=e=>e.faults[0]?.rank??(pt(e)===`fine`?1/0:2**53-1);return e.map(e=>({camera:e,place:t(e)})).sort((e,t)=>e.place===t.place?0:e.place-t.place).map(({camera:e})=>e)}function gt(){return new URLSearchParams(location.search).get(`camera`)??void 0}function _t(e){e.closest(`li`)?.querySelector(`button.mute`)?.focus()}var vt=class extends G{static properties={...G.properties,config:{state:!0},wanted:{state:!0},pressed:{state:!0},stills:{state:!0},muting:{state:!0},named:{state:!0}};static styles=[W,o`
      :host {
        container-type: inline-size;
      }
      header {
        display: grid;
        gap: 8px;
        padding: 16px 16px 12px;
      }
      h2 {
        font-size: 1.3rem;
        font-weight: 500;
      }
      .sum {
        align-items: center;
        display: flex;
        gap: 8px;
      }
      .links {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      input[type="search"] {
        background: transparent;
        border: 1px solid currentColor;
        border-radius: 10px;
        color: inherit;
        font: inherit;
        inline-size: 100%;
        max-inline-size: 24rem;
        min-block-size: 44px;
        padding: 4px 12px;
      }
      input::placeholder {
        color: inherit;
        opacity: 0.8;
      }
      .cameras {
        display: grid;
        gap: 1px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
      }
      .camera {
        border-block-start: 1px solid var(--divider-color);
        content-visibility: auto;
        contain-intrinsic-size: auto 120px;
        display: grid;
        align-content: start;
        gap: 8px;
        min-inline-size: 0;
        padding: 12px 16px;
      }
      .camera.bad {
        grid-column: 1 / -1;
      }
      .camera.named {
        content-visibility: visible;
        outline: 3px solid currentColor;
        outline-offset: -4px;
      }
      header .faults {
        padding-block: 4px;
      }
      .head {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
      }
      h3 {
        font-size: 1.1rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .area {
        color: var(--primary-text-color);
        font-size: 0.9rem;
      }
      .badge,
      .chip.bad,
      .chip.sd {
        background: var(--unknown);
        border-color: transparent;
        color: #fff;
      }
      .badge {
        align-items: center;
        border-radius: 8px;
        display: inline-flex;
        flex: none;
        font-size: 0.9rem;
        font-weight: 500;
        gap: 4px;
        padding: 2px 8px;
      }
      .badge.grave,
      .chip.bad.grave,
      .chip.sd.grave {
        background: var(--grave);
      }
      .badge.serious,
      .chip.bad.serious {
        background: var(--serious);
      }
      .badge.minor,
      .chip.bad.minor {
        background: var(--minor);
      }
      .badge.fine,
      .chip.sd.fine {
        background: var(--fine);
      }
      .chips {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .chip {
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        font-size: 0.9rem;
        padding: 1px 8px;
      }
      .chip.unknown {
        border-style: dashed;
        border-color: currentColor;
      }
      .chip.sd {
        font-weight: 500;
      }
      button.look {
        border-color: var(--divider-color);
        font-size: 0.9rem;
        min-block-size: 36px;
        padding: 1px 10px;
      }
      .chip.muted {
        align-items: center;
        border-color: currentColor;
        display: inline-flex;
        gap: 4px;
      }
      form {
        border: 1px solid var(--divider-color);
        border-radius: 10px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: end;
        padding: 12px;
      }
      form p {
        flex-basis: 100%;
      }
      form label {
        display: grid;
        font-size: 0.9rem;
        gap: 2px;
      }
      select {
        background: var(--card-background-color);
        border: 1px solid currentColor;
        border-radius: 10px;
        color: inherit;
        font: inherit;
        max-inline-size: 100%;
        min-block-size: 44px;
        padding: 4px 12px;
      }
      .still {
        max-inline-size: 40rem;
      }
      .faults {
        display: grid;
        gap: 8px;
      }
      .fault {
        align-items: center;
        border-inline-start: 4px solid var(--unknown);
        display: grid;
        gap: 4px 16px;
        grid-template-columns: minmax(0, 1fr) auto;
        padding-inline-start: 10px;
      }
      .fault.grave {
        border-color: var(--grave);
      }
      .fault.serious {
        border-color: var(--serious);
      }
      .fault.minor {
        border-color: var(--minor);
      }
      .what {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        font-weight: 500;
        gap: 4px 8px;
      }
      .fact {
        align-items: center;
        display: inline-flex;
        gap: 8px;
      }
      .since {
        font-size: 0.9rem;
        font-weight: 400;
      }
      .next {
        font-size: 0.95rem;
      }
      .said {
        font-size: 0.9rem;
        grid-column: 1 / -1;
      }
      .side {
        justify-self: end;
      }
      .foot {
        padding: 8px 16px 16px;
      }
      @container (max-width: 36rem) {
        .fault {
          grid-template-columns: minmax(0, 1fr);
        }
        .side {
          justify-self: start;
        }
      }
    `];pointed=!1;pointing;constructor(){super(),this.config={type:`custom:niiza-cctv-board`},this.wanted=``,this.pressed=/* @__PURE__ */ new Map,this.stills=/* @__PURE__ */ new Set,this.muting=void 0,this.named=gt()}connectedCallback(){super.connectedCallback(),window.addEventListener(`location-changed`,this.moved),this.moved()}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`location-changed`,this.moved),this.pointing?.abort()}moved=()=>{this.named=gt(),this.pointed=!1};updated(){if(this.pointed||this.named===void 0)return;let e=this.renderRoot.querySelector(`.camera.named`);e&&(this.pointed=!0,e.querySelector(`h3`)?.focus({preventScroll:!0}),this.bringIntoSight(e))}bringIntoSight(e){this.pointing?.abort();let t=this.pointing=new AbortController,{signal:n}=t,r=()=>{t.abort()};for(let e of[`wheel`,`touchstart`,`pointerdown`,`keydown`])window.addEventListener(e,r,{passive:!0,signal:n});let i=()=>{let{top:t}=e.getBoundingClientRect();(t<0||t>window.innerHeight/2)&&e.scrollIntoView({block:`center`})};e.scrollIntoView({block:`center`});let a=setInterval(i,250);n.addEventListener(`abort`,()=>{clearInterval(a)}),setTimeout(r,ut)}static getStubConfig(){return{}}static getConfigForm(){return{schema:[{name:`title`,selector:{text:{}}},{name:`cameras`,selector:{device:{multiple:!0,filter:[{integration:`niiza_cctv`}]}}},{name:`compact`,selector:{boolean:{}}}],computeLabel:({name:e})=>q(`option_${e}`)}}setConfig(e){if(e.cameras!==void 0&&!Array.isArray(e.cameras))throw Error(q(`option_cameras`));this.config=e}getCardSize(){return 2+3*(this.shown?.cameras.length??4)}getGridOptions(){return{columns:`full`,min_columns:6}}press(e,t,n){return this.call(e,t.fault,`button`,`press`,{entity_id:n})}async mute(e,t,n){this.muting=void 0,await this.call(e,J,V,`mute_alerts`,{camera:e.id,hours:t,reason:n})}async unmute(e){await this.call(e,J,V,`unmute_alerts`,{camera:e.id})}async call(e,t,n,r,i){let a=`${e.id} ${t}`;if(this.pressed.get(a)===``)return;this.say(a,``);let o=t===J?void 0:this.t(`board.pressed`);try{await this.hass.callService(n,r,i)}catch(e){let t=typeof e==`object`&&e?e:{message:String(e)};o=qe(this.hass,this.t,new Ve(t))}this.say(a,o),o!==void 0&&setTimeout(()=>{this.say(a,void 0)},st)}say(e,t){let n=new Map(this.pressed);t===void 0?n.delete(e):n.set(e,t),this.pressed=n}toggleStill(e){let t=new Set(this.stills);t.delete(e.id)||t.add(e.id),this.stills=t}content(){let e=nt(this.shown?.cameras??[],this.config.cameras),t=mt(this.wanted.trim()),n=ht(e.filter(({name:e,area:n})=>mt(`${e} ${n??``}`).includes(t)));return O`
      <header>
        <h2>${this.config.title??this.t(`board.heading`)}</h2>
        ${this.summary(e)} ${this.links()}
        ${e.length>=at?O`<input
              type="search"
              aria-label=${this.t(`board.search`)}
              placeholder=${this.t(`board.search`)}
              .value=${this.wanted}
              @input=${e=>{this.wanted=e.target.value}}
            />`:A}
      </header>
      ${n.length||!e.length?A:O`<p class="foot" role="status">${this.t(`board.no_match`,{text:this.wanted})}</p>`}
      <ul class="cameras">
        ${ze(n,({id:e})=>e,t=>this.camera(t,this.isCompact(e.length)))}
      </ul>
    `}isCompact(e){return this.config.compact??e>=ot}summary(e){let{t}=this;if(!e.length)return O`<p class="sum" role="status"><ha-icon icon="mdi:information"></ha-icon><span>${t(this.shown?.cameras.length?`board.none_chosen`:`board.none`)}</span></p>
        <div class="links">${this.mending()}</div>`;let n=(...t)=>e.filter(e=>t.includes(pt(e))).length,r=n(`grave`,`serious`,`minor`),i=n(`unknown`);if(!r&&!i)return this.sum(`fine`,t(`board.all_well`,{count:e.length}));let a=[`grave`,`serious`,`minor`].find(e=>n(e))??`unknown`,o=[...r?[t(`board.some_wrong`,{count:e.length,wrong:r})]:[],...i?[t(`board.some_unknown`,{unknown:i})]:[]];return this.sum(a,o.join(` `))}sum(e,t){return O`<p class="sum" role="status">
      <span class="badge ${e}"
        ><ha-icon icon=${ct[e]}></ha-icon>${this.t(`board.severity_${e}`)}</span
      ><span>${t}</span>
    </p>`}links(){let{t:e}=this,t=this.shown?.section;if(!t)return A;let{checks_due:n,checks_failed:r,cases:i}=t,a=i?[e(`board.cases`,{open:i.open}),...i.at_risk?[e(`board.cases_at_risk`,{count:i.at_risk})]:[]].join(` `):``;return O`
      ${t.faults.length?O`<ul class="faults">
            ${t.faults.map(e=>this.ofSection(e))}
          </ul>`:A}
      ${t.panel?O`<nav class="links">
            <a class="step" href="${t.panel}/checks"
              ><ha-icon icon="mdi:clipboard-check"></ha-icon>${e(`board.checks`,{due:n,failed:r})}</a
            >
            ${i?O`<a class="step" href=${i.path}><ha-icon icon="mdi:folder-lock"></ha-icon>${a}</a>`:A}
          </nav>`:A}
    `}ofSection({fault:e,severity:t,step:n}){let r=t=>Ke(this.t,`board.${t}_${e}`,e);return this.line(t,r(`fault`),r(`next`),this.wayOn(n))}camera(e,t){let n=pt(e),r=this.mutedUntil(e),i=t&&(n===`fine`||n===`minor`)&&!r,a=e.id===this.named;return O`<li class="camera ${e.faults.length?`bad`:``} ${a?`named`:``}">
      <div class="head">
        <span class="badge ${n}"
          ><ha-icon icon=${ct[n]}></ha-icon>${this.t(`board.severity_${n}`)}</span
        >
        <h3 tabindex=${a?-1:A}>${e.name}</h3>
        ${e.area?O`<span class="area">${e.area}</span>`:A}
        ${i?this.sd(e):A}
      </div>
      ${e.faults.length?O`<ul class="faults">
            ${e.faults.map(t=>this.fault(e,t))}
          </ul>`:A}
      ${i?A:O`<div class="chips">
              ${r?O`<span class="chip muted"
                    ><ha-icon icon="mdi:bell-off"></ha-icon>${this.t(`board.muted`,{at:this.clock.short(r)})}</span
                  >`:A}
              ${this.chips(e)} ${this.stillButton(e)} ${this.muteButton(e,r)}
            </div>
            ${this.muteForm(e,r)} ${this.still(e)}`}
    </li>`}chip(e,t=``,n=``){return O`<span class="chip ${t}" title=${n||A}>${e}</span>`}sd(e){let{t}=this;if(e.offline)return this.chip(t(`board.sd_by_hand`));let n=e.sd??`unproven`,r=n===`recording`?`fine`:n===`unproven`?``:`grave`;return this.chip(t(`board.sd_${n}`),`sd ${r}`)}chips(e){let{t}=this;return e.offline?[this.chip(t(`board.alive_offline`)),this.sd(e),this.sign(e)]:[this.sd(e),this.alive(e),this.audio(e),this.kept(e),this.time(e),this.sign(e),this.proof(e)]}alive({alive:e,failed:t}){let{t:n}=this;return e===null?this.chip(n(`board.alive_unknown`),`unknown`):e?this.chip(n(`board.alive_yes`)):t.includes(`onvif`)?this.chip(n(`board.alive_no`),`bad grave`):this.chip(n(`board.alive_mail`),`bad serious`)}audio({audio:e,audio_allowed:t}){let{t:n}=this;return e===null?this.chip(n(`board.audio_unknown`),`unknown`):e?this.chip(n(`board.audio_on`),t?``:`bad grave`):this.chip(n(`board.audio_off`))}kept({kept:e}){let{t}=this;if(!e)return this.chip(t(`board.kept_unknown`),`unknown`);let n=t(`board.kept`,{days:e.days,standard:e.standard_days});return this.chip(n,e.status===`within`?``:`bad serious`)}time({clock:e}){let{t}=this;return e?e.off?this.chip(t(`board.clock_off`,{offset:it(t,e.offset_seconds)}),`bad minor`):this.chip(t(`board.clock_right`)):this.chip(t(`board.clock_unknown`),`unknown`)}sign({sign:e}){let{t}=this;return e?e.failed?this.chip(t(`board.sign_failed`),`bad serious`):e.due||!e.confirmed_at?this.chip(t(`board.sign_due`),`bad minor`):this.chip(t(`board.sign_fine`,{at:this.clock.date(e.confirmed_at)})):this.chip(t(`board.sign_unknown`),`unknown`)}proof({proof:e}){let{t}=this;if(!e)return this.chip(t(`board.proof_none`),`unknown`);let n=t(`board.proof_${e.outcome}`,{ago:rt(t,e.at,this.now)});return this.chip(n,{decoded:``,not_possible:`unknown`,no_data:`bad grave`,undecodable:`bad grave`}[e.outcome],this.clock.at(e.at))}values({name:e,last_contact:t},{values:n}){let r=n.offset_seconds;return{camera:e,last:t?this.clock.at(t):`–`,...n,offset:typeof r==`number`?it(this.t,r):``}}fault(e,t){let{t:n,now:r}=this,i=this.values(e,t),a=e=>Ke(n,`board.${e}_${t.fault}`,t.fault,i),o=t.since?n(`board.since`,{at:this.clock.short(t.since),duration:K(n,(r.getTime()-new Date(t.since).getTime())/1e3)}):``,s=t.fault===`dead`&&e.last_contact?n(`board.last_contact`,{at:this.clock.short(e.last_contact)}):``,c=this.pressed.get(`${e.id} ${t.fault}`);return this.line(t.severity,a(`fault`),a(`next`),this.step(e,t),{since:`${o} ${s}`,said:c===``?n(`board.pressing`):c})}line(e,t,n,r,{since:i=``,said:a}={}){return O`<li class="fault ${e}">
      <div>
        <p class="what">
          <span class="hidden">${this.t(`board.severity_${e}`)}</span>
          <span class="fact"><ha-icon icon=${ct[e]}></ha-icon><span>${t}</span></span>
          <span class="since">${i}</span>
        </p>
        <p class="next">${n}</p>
      </div>
      ${r}
      <p class="said" role="status">${a}</p>
    </li>`}step(e,t){if(!t.step)return A;let{kind:n,entity_id:r}=t.step,i=this.t(`board.step_${n}`),a=this.t(`board.step_of`,{camera:e.name,step:i});return r?O`<button
      type="button"
      class="side"
      aria-label=${a}
      ?disabled=${this.pressed.get(`${e.id} ${t.fault}`)===``}
      @click=${()=>void this.press(e,t,r)}
    >
      ${this.stepIcon(n)}${i}
    </button>`:this.wayOn(t.step,a)}wayOn({kind:e,path:t},n){let r=this.t(`board.step_${e}`);return t?O`<a class="step side" href=${t} aria-label=${n??A}>${this.stepIcon(e)}${r}</a>`:O`<span class="side">${r}</span>`}stepIcon(e){return O`<ha-icon icon=${lt[e]??`mdi:arrow-right`}></ha-icon>`}stillButton(e){if(!e.entity_id)return A;let t=this.stills.has(e.id),n=this.t(t?`board.still_close`:`board.still`);return O`<button
      type="button"
      class="look"
      aria-expanded=${t?`true`:`false`}
      aria-label=${this.t(`board.step_of`,{camera:e.name,step:n})}
      @click=${()=>{this.toggleStill(e)}}
    >
      <ha-icon icon="mdi:image"></ha-icon>${n}
    </button>`}mutedUntil({muted_until:e}){return e!==null&&new Date(e)>this.now?e:void 0}muteButton(e,t){if(!this.shown?.section?.may_mute||e.offline)return A;let n=this.pressed.get(`${e.id} ${J}`),r=this.t(t?`board.unmute`:`board.mute`);return O`<button
        type="button"
        class="look mute"
        aria-expanded=${t?A:this.muting===e.id?`true`:`false`}
        aria-label=${this.t(`board.step_of`,{camera:e.name,step:r})}
        ?disabled=${n===``}
        @click=${()=>{t?this.unmute(e):this.muting=this.muting===e.id?void 0:e.id}}
      >
        <ha-icon icon=${t?`mdi:bell-ring`:`mdi:bell-off`}></ha-icon>${r}</button
      ><span role="status">${n===``?this.t(`common.working`):n}</span>`}muteForm(e,t){if(this.muting!==e.id||t||!this.shown?.section?.may_mute)return A;let{t:n}=this;return O`<form
      @submit=${t=>{t.preventDefault();let n=t.currentTarget,r=new FormData(n);_t(n),this.mute(e,Number(r.get(`hours`)),r.get(`reason`))}}
    >
      <p>${n(`board.mute_why`,{camera:e.name})}</p>
      <label
        >${n(`board.mute_hours`)}
        <select name="hours">
          ${dt.map(e=>O`<option value=${e} ?selected=${e===24}>${K(n,e*3600)}</option>`)}
        </select></label
      >
      <label
        >${n(`board.mute_reason`)}
        <select name="reason" required>
          <option value=""></option>
          ${ft.map(e=>O`<option value=${e}>${this.reason(e)}</option>`)}
        </select></label
      >
      <button type="submit">${n(`board.mute`)}</button>
      <button
        type="button"
        @click=${e=>{_t(e.currentTarget),this.muting=void 0}}
      >
        ${n(`board.mute_close`)}
      </button>
    </form>`}reason(e){return this.hass.localize(`component.niiza_cctv.selector.mute_reason.options.${e}`)||e}still(e){return this.stills.has(e.id)?O`<niiza-cctv-tile
          class="still"
          .hass=${this.hass}
          .camera=${e}
          .section=${this.shown?.section}
          mode="still"
        ></niiza-cctv-tile>`:A}},yt=/^#EXT-X-PROGRAM-DATE-TIME:(.+)$/,bt=/^#EXTINF:([\d.]+)/,xt=/^#EXT-X-PART:.*DURATION=([\d.]+)/;function St(e){let t=null,n=0;for(let r of e.split(/\r?\n/)){let e=yt.exec(r)?.[1];if(e!==void 0){let r=Date.parse(e);t=Number.isNaN(r)?t:r,n=0}let i=xt.exec(r)?.[1];i!==void 0&&(n+=Number(i)*1e3);let a=bt.exec(r)?.[1];a!==void 0&&t!==null&&(t+=Number(a)*1e3,n=0)}return t===null?null:t+n}async function Ct(e){let t=await fetch(e.replace(`master_playlist`,`playlist`),{cache:`no-store`});if(!t.ok)return!1;let n=St(await t.text()),r=Date.parse(t.headers.get(`Date`)??``)||Date.now();return n===null||r-n<9e3}async function wt(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}var Tt=1e3,Et=4e3,Dt=12e3,Ot=[1e3,3e3,6e3,1e4],kt=1e4,At=2,jt=4,Mt=class extends L{static properties={hass:{attribute:!1},camera:{attribute:!1},section:{attribute:!1},mode:{type:String},large:{type:Boolean},seen:{state:!0},url:{state:!0},picture:{state:!0},failed:{state:!0},now:{state:!0},player:{state:!0},open:{state:!0}};static styles=[W,o`
      .frame {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 10px;
        color: #fff;
        overflow: hidden;
        position: relative;
      }
      .picture,
      .picture > * {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      /* Until it moves, the still lies over it. */
      .picture {
        position: relative;
      }
      .picture > img {
        background: #000;
        inset: 0;
        position: absolute;
        z-index: 1;
      }
      /* What is not of now does not look like it. */
      .old {
        filter: grayscale(1) brightness(0.45);
      }
      .over {
        inset: 0;
        pointer-events: none;
        position: absolute;
        z-index: 2;
      }
      .name,
      .state {
        background: rgb(0 0 0 / 72%);
        border-radius: 6px;
        display: inline-flex;
        font-size: 0.9rem;
        gap: 6px;
        inset-inline-start: 8px;
        max-inline-size: calc(100% - 16px);
        padding: 1px 8px;
        position: absolute;
      }
      .name {
        inset-block-start: 8px;
        overflow-wrap: anywhere;
      }
      .state {
        align-items: center;
        inset-block-end: 8px;
      }
      .state.bad {
        background: #b3261e;
        font-weight: 500;
      }
      button.open {
        background: transparent;
        border: 0;
        border-radius: 10px;
        inset: 0;
        min-block-size: 0;
        position: absolute;
        z-index: 3;
      }
      button.open:focus-visible {
        outline-color: #fff;
        outline-offset: -6px;
      }
      dialog {
        background: #000;
        border: 0;
        block-size: 100dvb;
        color: #fff;
        inline-size: 100dvi;
        margin: 0;
        max-block-size: none;
        max-inline-size: none;
        padding: 0;
      }
      dialog[open] {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
      }
      .bar {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 8px 12px;
      }
      .bar h3 {
        font-size: 1.2rem;
        margin-inline-end: auto;
        overflow-wrap: anywhere;
      }
      .bar button,
      .bar a.step {
        color: #fff;
      }
      .bar :focus-visible {
        outline-color: #fff;
      }
      :host([large]) .frame {
        aspect-ratio: auto;
        block-size: 100%;
        border-radius: 0;
      }
      :host([large]) {
        block-size: 100%;
        min-block-size: 0;
      }
    `];looking;inSight;sighted=!1;running=``;asking=!1;tries=0;moved=0;position=-1;asked=0;nextTry=0;nextStill=0;constructor(){super(),this.mode=`live`,this.large=!1,this.seen=`connecting`,this.url=``,this.failed=!1,this.now=/* @__PURE__ */ new Date,this.player=!1,this.open=!1}connectedCallback(){super.connectedCallback(),this.looking=setInterval(this.look,Tt),typeof IntersectionObserver>`u`?this.sighted=!0:(this.inSight=new IntersectionObserver(e=>{this.sighted=e.at(-1)?.isIntersecting??!1,this.look()}),this.inSight.observe(this))}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.looking),this.inSight?.disconnect(),this.end(),this.forget()}shouldUpdate(e){return e.size>1||!e.has(`hass`)||e.get(`hass`)?.language!==this.hass.language}get t(){return U(this.hass)}look=()=>{this.now=/* @__PURE__ */ new Date;let{entity_id:e,alive:t}=this.camera,n=e&&t!==!1&&this.sighted&&!document.hidden&&!this.open,r=n?`${this.mode} ${e}`:``;if(r!==this.running&&(this.end(),this.running=r,this.tries=0),n&&!this.asking){if(this.showsStills()&&Date.now()>=this.nextStill)this.takeStill(e);else if(this.mode===`still`)return;else this.url?this.watch():Date.now()>=this.nextTry&&this.start(e)}};showsStills(){return this.mode===`still`||this.tries>=At&&this.seen!==`live`}end(){this.url=``,this.seen=`connecting`,this.nextTry=this.nextStill=this.moved=0,this.position=-1}async start(e){let{running:t}=this;this.asking=!0;try{this.player=await wt();let{url:n}=await this.hass.connection.sendMessagePromise({type:`camera/stream`,entity_id:e,format:`hls`}),r=await Ct(n);if(t!==this.running)return;if(!r)throw Error(`The stream has no picture of now`);this.position=-1,this.asked=Date.now(),this.url=n}catch{if(t!==this.running)return;this.seen=this.moved?`stalled`:`none`,this.retry()}finally{this.asking=!1}}retry(){this.url=``,this.nextTry=Date.now()+(Ot[Math.min(this.tries,Ot.length-1)]??0),this.tries+=1}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}gaveUp(){return!!this.renderRoot.querySelector(`ha-hls-player`)?.shadowRoot?.querySelector(`ha-alert.fatal`)}watch(){if(this.gaveUp()){this.seen=this.moved?`stalled`:`none`,this.retry();return}let e=this.video(),t=e?.currentTime??-1,n=Date.now();if(e&&(e.disablePictureInPicture=!0,e.disableRemotePlayback=!0,e.paused&&e.readyState>2&&e.play().catch(()=>void 0)),t>0&&t!==this.position){this.position>=0&&(this.seen=`live`,this.tries=0,this.moved=n,this.forget()),this.position=t;return}let r=this.position<0?Dt:Et,i=n-Math.max(this.moved,this.asked);i<r||(this.seen=this.moved?`stalled`:`none`,i>=r+Tt&&this.retry())}async takeStill(e){this.asking=!0,this.nextStill=Date.now()+kt;try{let t=await this.hass.fetchWithAuth(`/api/camera_proxy/${e}`);if(!t.ok)throw Error(String(t.status));let n=await t.blob();this.forget(),this.picture={url:URL.createObjectURL(n),at:/* @__PURE__ */ new Date},this.failed=!1}catch{this.failed=!0}finally{this.asking=!1}}forget(){this.picture&&URL.revokeObjectURL(this.picture.url),this.picture=void 0}async enlarge(){this.open=!0,this.look(),await this.updateComplete,this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.open=!1,this.look()}words(){let{t:e,camera:t,now:n}=this;if(t.offline)return[e(`board.live_offline`),!1];if(!t.entity_id)return[e(`board.live_disabled`),!0];if(t.alive===!1)return[e(`board.live_dead`),!0];let{picture:r,failed:i}=this;if(this.mode===`still`&&!r)return i?[e(`board.still_none`),!0]:[e(`board.live_starting`),!1];if(r&&this.showsStills()){let t={ago:rt(e,r.at,n)};return i?[e(`board.still_failed`,t),!0]:[e(this.mode===`still`?`board.still_of`:`board.still_instead`,t),!1]}switch(this.seen){case`live`:return[e(`board.live`),!1];case`stalled`:return[e(`board.live_stalled`,{seconds:Math.round((n.getTime()-this.moved)/1e3)}),!0];case`none`:return[e(`board.live_no_picture`),!0];default:return[e(`board.live_starting`),!1]}}shownPicture(){let{camera:e}=this;return this.picture&&this.showsStills()?O`<img src=${this.picture.url} alt=${e.name} />${this.url?this.moving():A}`:this.url&&this.mode===`live`?this.moving():A}moving(){let{camera:e}=this;return this.player?O`<ha-hls-player
          .hass=${this.hass}
          .entityid=${e.entity_id}
          .url=${this.url}
          .controls=${!1}
          .muted=${!0}
          .playsInline=${!0}
          .autoPlay=${!0}
        ></ha-hls-player>`:O`<video
          src=${this.url}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          aria-label=${e.name}
        ></video>`}frame(){let{t:e,camera:t}=this,[n,r]=this.words();return O`<div
      class="frame"
      @contextmenu=${e=>{e.preventDefault()}}
    >
      <div class="picture ${r?`old`:``}">${this.shownPicture()}</div>
      ${this.large?O`<niiza-cctv-overlay
            .text=${`${this.section?.user??``} ${tt(this.hass,this.section).at(this.now)}`}
            .seconds=${Math.floor(this.now.getTime()/1e3)}
          ></niiza-cctv-overlay>`:A}
      <div class="over">
        ${this.large?A:O`<span class="name">${t.name}</span>`}
        <span class="state ${r?`bad`:``}" role="status"
          ><ha-icon icon=${r?`mdi:alert`:this.picture?`mdi:image`:`mdi:video`}></ha-icon
          >${n}</span
        >
      </div>
      ${this.large||!t.entity_id?A:O`<button
            type="button"
            class="open"
            aria-label=${e(`board.enlarge`,{camera:t.name})}
            @click=${()=>void this.enlarge()}
          ></button>`}
    </div>`}render(){let{t:e,camera:t,section:n}=this;return O`${this.frame()}
    ${this.open?O`<dialog aria-label=${t.name} @close=${this.closed}>
          <div class="bar">
            <h3>${t.name}</h3>
            ${n?.cases?O`<a class="step" href=${n.cases.path}
                  ><ha-icon icon="mdi:folder-lock"></ha-icon>${e(`board.to_cases`)}</a
                >`:A}
            <button
              type="button"
              @click=${()=>{this.renderRoot.querySelector(`dialog`)?.close()}}
            >
              <ha-icon icon="mdi:close"></ha-icon>${e(`board.close`)}
            </button>
          </div>
          <niiza-cctv-tile .hass=${this.hass} .camera=${t} .section=${n} mode="live" large></niiza-cctv-tile>
        </dialog>`:A}`}},Nt=class extends G{static properties={...G.properties,config:{state:!0}};static styles=[W,o`
      h2 {
        font-size: 1.2rem;
        font-weight: 500;
        padding: 12px 16px 0;
      }
      .tiles {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
        padding: 12px;
      }
      .tiles.one {
        grid-template-columns: minmax(0, 1fr);
        padding: 0;
      }
    `];constructor(){super(),this.config={type:`custom:niiza-cctv-live`}}static getStubConfig(){return{}}static getConfigForm(){return{schema:[{name:`title`,selector:{text:{}}},{name:`cameras`,selector:{device:{multiple:!0,filter:[{integration:`niiza_cctv`}],entity:[{domain:`camera`}]}}},{name:`mode`,selector:{select:{mode:`dropdown`,options:[{value:`live`,label:q(`mode_live`)},{value:`still`,label:q(`mode_still`)}]}}}],computeLabel:({name:e})=>q(`option_${e}`)}}setConfig(e){this.config=e}getCardSize(){return 5}getGridOptions(){return this.config.camera?{columns:6,min_columns:4}:{columns:`full`,min_columns:6}}isSilent(){return this.config.beside_board===!0}content(){let{camera:e,cameras:t,mode:n,title:r}=this.config,i=(this.shown?.cameras??[]).filter(({offline:e})=>!e),a=nt(i,e??t);return a.length?O`
      ${r?O`<h2>${r}</h2>`:A}
      <div class="tiles ${e?`one`:``}">
        ${ze(a,({id:e})=>e,e=>O`<niiza-cctv-tile
            .hass=${this.hass}
            .camera=${e}
            .section=${this.shown?.section}
            mode=${n??(a.length>jt?`still`:`live`)}
          ></niiza-cctv-tile>`)}
      </div>
    `:this.says(this.t(e?`board.live_unknown`:i.length?`board.none_chosen`:`board.none`))}},Pt=24,Ft=7,It=class extends L{static properties={text:{type:String},seconds:{type:Number}};static styles=o`
    :host {
      inset: 0;
      overflow: hidden;
      pointer-events: none;
      position: absolute;
      user-select: none;
      z-index: 1;
    }
    div {
      align-content: space-between;
      color: rgb(255 255 255 / 45%);
      display: grid;
      font: 500 clamp(11px, 1.6vmin, 20px) / 1.3 sans-serif;
      gap: 4% 2%;
      grid-template-columns: repeat(3, 1fr);
      inset: -8% -12%;
      position: absolute;
      text-align: center;
      /* Legible on snow as on asphalt. */
      text-shadow:
        0 0 2px rgb(0 0 0 / 80%),
        0 0 4px rgb(0 0 0 / 50%);
      transform-origin: center;
    }
    span {
      overflow-wrap: anywhere;
    }
  `;constructor(){super(),this.text=``,this.seconds=0}render(){let e=Math.floor(this.seconds/Ft)%5;return O`<div
      aria-hidden="true"
      style="transform:rotate(-14deg) translate(${e*3-6}%, ${e*2%5*2-4}%)"
    >
      ${Array.from({length:Pt},()=>O`<span>${this.text}</span>`)}
    </div>`}},Y=8,Lt=[{key:`retained_days`,stats:[`min`],period:`day`,days:90,chart:`line`},{key:`outage_minutes`,stats:[`change`],period:`day`,days:30,chart:`bar`},{key:`clock_offset`,stats:[`mean`],period:`day`,days:90,chart:`line`},{key:`bit_rate`,stats:[`mean`],period:`day`,days:90,chart:`line`}],Rt={key:`releases`,stats:[`change`],period:`month`,days:365,chart:`bar`};function zt(e,{entity_id:t,device_id:n}){let r=e.devices[n??``],i=r?.name_by_user??r?.name;return i?{entity:t,name:i}:{entity:t}}function Bt(e,t,{key:n,stats:r,period:i,days:a,chart:o}){let s=Object.values(e.entities).filter(({platform:e,hidden:t,translation_key:r})=>e===`niiza_cctv`&&!t&&r===n).map(t=>zt(e,t)).sort((t,n)=>(t.name??t.entity).localeCompare(n.name??n.entity,e.language)),c=Math.ceil(s.length/Y);return Array.from({length:c},(e,l)=>({type:`statistics-graph`,title:t(`board.history_${n}`)+(c>1?` (${l+1}/${c})`:``),entities:s.slice(l*Y,(l+1)*Y),stat_types:r,period:i,days_to_show:a,chart_type:o,grid_options:{columns:`full`}}))}function Vt(e,t,n){let r=(n?[...Lt,Rt]:Lt).flatMap(n=>Bt(e,t,n));return r.length?[{type:`markdown`,content:t(`board.history_help`),grid_options:{columns:`full`}},...r]:[]}var Ht=2500;async function Ut(e){try{let t=await e.loadBackendTranslation(`config_panel`,V);if(typeof t==`function`)return U({localize:t})}catch{}return U(e)}var X={grid_options:{columns:`full`}};function Z(e,t,n,r){return{title:e,path:t,icon:n,type:`sections`,max_columns:4,sections:[{type:`grid`,column_span:4,cards:r}]}}function Q(e,t,...n){let r=Object.values(e.entities).filter(({entity_id:e,platform:n,hidden:r})=>n===`niiza_cctv`&&!r&&e.startsWith(`${t}.`));return n.length?n.flatMap(e=>r.filter(({translation_key:t})=>t===e).map(({entity_id:e})=>e)):r.map(({entity_id:e})=>e)}function $(e){return{calendars:Q(e,`calendar`),tiles:[...Q(e,`sensor`,`open_cases`,`clips_being_fetched`),...Q(e,`binary_sensor`,`footage_at_risk`,`settings_to_put_back`,`ledger_available`)]}}function Wt(e){return`${e?.panel??``} ${e?.cases?.path??``}`}var Gt=class extends HTMLElement{static built=/* @__PURE__ */ new WeakMap;static outgrown=/* @__PURE__ */ new WeakSet;static async getCreateSuggestions(){return await Promise.resolve(),{title:q(`strategy`),icon:`mdi:cctv`}}static shouldRegenerate(e,t,n){let{state:r,section:i}=We.of(n).shown,a=this.built.get(e),o=a===void 0||r===`loaded`||r===`refused`,s=o?Wt(i):a;return this.built.set(e,s),t.entities!==n.entities&&JSON.stringify($(t))!==JSON.stringify($(n))&&this.outgrown.add(e),s!==a||t.language!==n.language||o&&this.outgrown.has(e)}static async generate(e,t){let[n,r]=await Promise.all([We.of(t).first(Ht),Ut(t)]);this.built.set(e,Wt(n.section)),this.outgrown.delete(e);let i=[Z(r(`board.view_overview`),`overview`,`mdi:cctv`,[{type:`custom:niiza-cctv-board`,...X},{type:`custom:niiza-cctv-live`,title:r(`board.pictures`),beside_board:!0,...X}])],{section:a}=n;a?.panel&&i.push(this.checks(t,r,a)),a?.cases&&i.push(this.cases(t,r,a));let o=a?.panel?Vt(t,r,a.cases!==null):[];return o.length&&i.push(Z(r(`board.view_history`),`history`,`mdi:chart-line`,o)),{views:i}}static checks(e,t,n){let{calendars:r}=$(e);return Z(t(`board.view_checks`),`checks`,`mdi:clipboard-check`,[Kt(t(`board.to_checks`),`mdi:clipboard-check`,`${n.panel??``}/checks`),{type:`markdown`,content:t(`board.checks_help`),...X},...r.map(e=>({type:`calendar`,initial_view:`listWeek`,entities:[e],...X}))])}static cases(e,t,n){return Z(t(`board.view_cases`),`cases`,`mdi:folder-lock`,[Kt(t(`board.to_cases`),`mdi:folder-lock`,n.cases?.path??``),{type:`markdown`,content:t(`board.cases_help`),...X},...$(e).tiles.map(e=>({type:`tile`,entity:e}))])}};function Kt(e,t,n){return{type:`button`,name:e,icon:t,show_state:!1,tap_action:{action:`navigate`,navigation_path:n},...X}}function qt(e,t,n){return{type:e,get name(){return q(t)},get description(){return q(`${t}_help`)},...n}}function Jt(e){return(t,n)=>t.entities?.[n]?.platform===`niiza_cctv`?{config:{type:`custom:${e}`}}:null}var Yt=window,Xt=Yt.customCards??=[];for(let[e,t]of[[`niiza-cctv-board`,`card_board`],[`niiza-cctv-live`,`card_live`]])Xt.some(t=>t.type===e)||Xt.push(qt(e,t,{preview:!0,getEntitySuggestion:Jt(e)}));var Zt=Yt.customStrategies??=[];Zt.some(({type:e})=>e===`niiza-cctv`)||Zt.push(qt(`niiza-cctv`,`strategy`,{strategyType:`dashboard`})),await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-overlay":It,"niiza-cctv-tile":Mt,"niiza-cctv-board":vt,"niiza-cctv-live":Nt,"ll-strategy-dashboard-niiza-cctv":Gt}))customElements.get(e)||customElements.define(e,t);